package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.ledger.ConservationException;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a warehouse must hold to where something goes wrong. */
@Tag("slow")
abstract class WarehouseFaultContract extends WarehouseFixture {
  @Test
  void aLoadThatDoesNotAddUpChangesNothing() {
    changes();
    List<List<Object>> loadControl = loads();
    List<String> customers = Plain.rows(query("SELECT * FROM dim_customer"));
    shop.put(Line.of("o1", 1, DAY.minusDays(3)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());

    assertThatThrownBy(
            () -> changes(load -> with(load, "fact", WarehouseFaultContract::oneRowTooMany)))
        .isInstanceOf(ConservationException.class)
        .hasMessageContaining("Of fact 6 rows are there afterwards where it should be 7.");

    assertThat(loads()).isEqualTo(loadControl);
    assertThat(Plain.rows(query("SELECT * FROM dim_customer"))).isEqualTo(customers);
    changes();
    isGold();
  }

  @Test
  void aLoadThatFailsWhileItsLastTableIsReadChangesNothing() {
    changes();
    List<List<Object>> loadControl = loads();
    List<String> customers = Plain.rows(query("SELECT * FROM dim_customer"));
    shop.put(Line.of("o1", 1, DAY.minusDays(3)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());

    assertThatThrownBy(
            () -> changes(load -> with(load, "fact", WarehouseFaultContract::unreadable)))
        .hasStackTraceContaining("the disk is gone");

    assertThat(loads()).isEqualTo(loadControl);
    assertThat(Plain.rows(query("SELECT * FROM dim_customer"))).isEqualTo(customers);
    changes();
    isGold();
  }

  @Test
  void aFirstLoadThatDoesNotAddUpLeavesNothing() {
    assertThatThrownBy(
            () -> changes(load -> with(load, "fact", WarehouseFaultContract::oneRowTooMany)))
        .isInstanceOf(ConservationException.class)
        .hasMessageContaining("Of fact 6 rows arrived where it should be 7.");

    try (Warehouse warehouse = open()) {
      assertThat(warehouse.state("shop").tables()).isEmpty();
    }
    changes();
    isGold();
  }

  @Test
  void aLoadFromAStateThatIsGoneIsRefused() {
    List<StarLoad> seen = new ArrayList<>();
    changes(
        load -> {
          seen.add(load);
          return load;
        });

    try (Warehouse warehouse = open()) {
      assertThatThrownBy(() -> warehouse.apply(seen.get(0)))
          .isInstanceOf(StaleLoadException.class)
          .hasMessageContaining("dim_customer");
    }
    isGold();
  }

  @Test
  void aTableThatSomethingElseHasChangedIsNotedAndLoadedAnew() {
    changes();
    execute("DELETE FROM fact WHERE order_id = 'o1'");
    shop.put(Line.of("o1", 1, DAY).amount("3.00000"));
    shop.build(Shop.star());

    assertThatThrownBy(this::changes)
        .isInstanceOf(ConservationException.class)
        .hasMessageContaining("fact")
        .hasMessageContaining("--full");

    full(Shop.star());
    isGold();
  }

  @Test
  void aLoadKilledAfterItsCommitIsBookedByTheNext() {
    try (Warehouse warehouse = new TamperedWarehouse(open(), load -> load).failingAfterwards()) {
      assertThatThrownBy(() -> load(warehouse, Shop.star(), "killed").changes())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("killed");
    }

    LoadSummary next = changes();

    assertThat(next.tables()).isEmpty();
    assertThat(shop.ledger().last("load", "shop@" + next.kind()))
        .hasValueSatisfying(
            entry -> {
              assertThat(entry.runId()).isEqualTo("killed");
              assertThat(entry.batchId()).isZero();
            });
    isGold();
  }

  @Test
  void aBuildOfGoldThatIsNotFinishedIsNotLoaded() {
    changes();
    List<String> customers = Plain.rows(query("SELECT * FROM dim_customer"));
    shop.put(Line.of("o1", 1, DAY.minusDays(3)).customer("c1", "Anna", "Home"));
    assertThatThrownBy(
            () ->
                shop.batch(
                        Shop.star(),
                        table -> {
                          if (table.equals("dim_customer")) {
                            throw new IllegalStateException("ended");
                          }
                        })
                    .buildTo(shop.source.version()))
        .hasMessage("ended");

    assertThat(changes().tables()).isEmpty();

    assertThat(Plain.rows(query("SELECT * FROM dim_customer"))).isEqualTo(customers);
    shop.build(Shop.star());
    changes();
    isGold();
  }

  @Test
  void aVacuumedChangeFeedNamesFull() {
    changes();
    shop.put(Line.of("o1", 1, DAY).amount("3.00000"));
    shop.build(Shop.star());
    shop.put(Line.of("o1", 1, DAY).amount("4.00000"));
    shop.build(Shop.star());
    shop.spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    shop.gold("fact").delta().vacuum(0);

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("the changes of gold.fact after version 1 are no longer there")
        .hasMessageContaining("--star shop --full");

    full(Shop.star());
    isGold();
  }

  @Test
  void anotherLakesTablesAreNotTakenForItsOwn() {
    changes();
    shop = new Shop(Session.small(), dir.resolve("other").toString());
    shop.open();
    shop.put(Line.of("x1", 1, DAY));
    shop.build(Shop.star());

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("another gold.dim_customer than this lake's")
        .hasMessageContaining("another gold.fact than this lake's")
        .hasMessageContaining("--full");

    full(Shop.star());
    isGold();
  }

  private static StarLoad with(StarLoad load, String table, UnaryOperator<TableLoad> change) {
    return new StarLoad(
        load.star(),
        load.load(),
        load.tables().stream()
            .map(t -> t.table().name().equals(table) ? change.apply(t) : t)
            .toList(),
        load.views(),
        load.runId(),
        load.startedAt());
  }

  private static TableLoad oneRowTooMany(TableLoad load) {
    return load instanceof TableLoad.Increment i
        ? new TableLoad.Increment(
            i.table(),
            i.from(),
            i.to(),
            i.rows(),
            i.inserted(),
            i.updated(),
            i.deleted(),
            i.rowsAfter() + 1)
        : new TableLoad.Replacement(
            load.table(),
            load.from(),
            load.to(),
            ((TableLoad.Replacement) load).rows(),
            load.rowsAfter() + 1);
  }

  private static TableLoad unreadable(TableLoad load) {
    TableLoad.Increment i = (TableLoad.Increment) load;
    return new TableLoad.Increment(
        i.table(),
        i.from(),
        i.to(),
        unreadable(i.rows()),
        i.inserted(),
        i.updated(),
        i.deleted(),
        i.rowsAfter());
  }

  private static LoadRows unreadable(LoadRows rows) {
    if (rows instanceof LoadRows.Planned planned) {
      return new LoadRows.Planned(
          planned
              .rows()
              .withColumn(
                  "amount",
                  functions.expr("IF(order_id IS NULL, amount, raise_error('the disk is gone'))")));
    }
    LoadRows.Collected collected = (LoadRows.Collected) rows;
    return new LoadRows.Collected(
        collected.schema(),
        new AbstractList<>() {
          @Override
          public InternalRow get(int index) {
            throw new IllegalStateException("the disk is gone");
          }

          @Override
          public int size() {
            return collected.rows().size();
          }
        });
  }
}

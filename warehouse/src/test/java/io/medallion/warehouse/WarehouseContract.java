package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Shop;
import io.medallion.gold.star.Star;
import io.medallion.testkit.Rounds;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every warehouse must hold to, in fair weather and foul. Each implementation runs it as it
 * is.
 */
@Tag("slow")
abstract class WarehouseContract extends WarehouseFaultContract {
  @Test
  void theFirstLoadBringsEveryRowExactly() {
    LoadSummary summary = changes();

    isGold();
    assertThat(summary.tables().stream().map(LedgerRow::table))
        .containsExactly("dim_customer", "dim_product", "dim_place", "dim_date", "fact");
    assertThat(summary.tables().get(4))
        .satisfies(
            fact -> {
              assertThat(fact.inserted()).isEqualTo(6);
              assertThat(fact.rowsAfter()).isEqualTo(6);
              assertThat(fact.fromVersion()).isEmpty();
              assertThat(fact.to().version()).isEqualTo(shop.gold("fact").version());
            });
    assertThat(summary.viewsReplaced()).containsExactly("v_by_customer");
    assertThat(Plain.rows(query("SELECT * FROM v_by_customer WHERE name = 'Ann'")))
        .containsExactly("Ann|10000000000010.49998");
    assertThat(shop.ledger().last("load", "shop@" + summary.kind()).orElseThrow().versions())
        .containsEntry("gold.fact", shop.gold("fact").version());
  }

  @Test
  void whoOnlyLooksSeesVersionsAndRowsAndChangesNothing() {
    changes();
    LoadedWarehouse warehouse = open();

    assertThat(warehouse.versions("shop"))
        .hasSize(5)
        .hasEntrySatisfying(
            "fact", loaded -> assertThat(loaded.version()).isEqualTo(shop.gold("fact").version()));
    assertThat(warehouse.versions("another")).isEmpty();
    assertThat(warehouse.rows("fact")).isEqualTo(6);
    QueryAnswer answer = warehouse.query("SELECT count(*) AS n FROM fact", 10);
    assertThat(answer.columns().get(0)).isEqualToIgnoringCase("n");
    assertThat(((Number) answer.rows().get(0).get(0)).longValue()).isEqualTo(6);
    assertThat(warehouse.query("SELECT * FROM fact", 4).rows()).hasSize(4);
    for (String no : List.of("DELETE FROM fact", "DROP TABLE fact", "INSERT INTO fact SELECT 1")) {
      assertThatThrownBy(() -> warehouse.query(no, 10))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("it is not a query");
    }
    assertThatThrownBy(() -> warehouse.query("SELECT nothing FROM fact", 10))
        .isInstanceOf(ConfigurationException.class);
    assertThat(warehouse.rows("fact")).isEqualTo(6);
  }

  @Test
  void aRepeatedLoadWritesNothing() {
    changes();
    List<List<Object>> before = loads();
    Map<String, Long> versions = shop.versions();

    LoadSummary again = changes();

    assertThat(again.tables()).isEmpty();
    assertThat(again.viewsReplaced()).isEmpty();
    assertThat(loads()).isEqualTo(before);
    assertThat(shop.versions()).isEqualTo(versions);
  }

  @Test
  void incrementsWithLateRowsAndDeletesEndInGold() {
    changes();
    Random random = new Random(7);
    int steps = Rounds.of(4);
    int loads = 1;
    for (int step = 1; step <= steps; step++) {
      LocalDate day = DAY.plusDays(random.nextInt(400) - 200);
      List<Line> puts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        puts.add(
            Line.of("o" + random.nextInt(12), 1 + random.nextInt(2), day.plusDays(i))
                .customer("c" + random.nextInt(4), "Name " + random.nextInt(9), "S" + step)
                .place("DE", "Bonn", "R" + random.nextInt(3), step == 4 ? "closed" : "open")
                .amount(random.nextInt(10_000) + ".12345"));
      }
      shop.put(
          puts.stream()
              .collect(
                  java.util.stream.Collectors.toMap(
                      line -> line.orderId() + line.lineId(), line -> line, (a, b) -> b))
              .values()
              .stream()
              .toList());
      shop.delete(Line.of("o" + random.nextInt(12), 1, day));
      shop.build(Shop.star());
      // Some loads find several builds at once, and rows that came and went between them.
      if (step % 3 != 0) {
        changes();
        isGold();
        loads++;
      }
    }
    changes();
    loads += steps % 3 == 0 ? 1 : 0;

    isGold();
    assertThat(query("SELECT count(DISTINCT load_number) FROM medallion_loads").get(0).get(0))
        .hasToString(String.valueOf(loads));
  }

  @Test
  void aRebuiltStarWithTheSameContentMovesNoRow() {
    changes();
    shop.build(Shop.star("another digest"));

    LoadSummary summary = changes(Shop.star("another digest"));

    assertThat(summary.tables()).isNotEmpty();
    assertThat(summary.rows()).isZero();
    isGold();
  }

  @Test
  void aFullLoadBringsEverythingAnewAndChangesGoOnFromThere() {
    changes();
    execute("DELETE FROM fact WHERE order_id = 'o1'");
    execute("UPDATE dim_customer SET name = 'spoilt'");

    LoadSummary summary = full(Shop.star());

    isGold();
    assertThat(summary.tables().get(4).deleted()).isEqualTo(5);
    shop.put(Line.of("o9", 1, DAY.minusDays(1)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());
    assertThat(changes().tables())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.fromVersion()).isPresent());
    isGold();
  }

  @Test
  void twoLoadsAtOnceEndAsOne() throws Exception {
    changes();
    shop.put(Line.of("o1", 1, DAY).customer("c1", "Anna", "Home"), Line.of("o7", 1, DAY));
    shop.build(Shop.star());
    CyclicBarrier both = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Object>> ends = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Callable<Object> loading =
          () -> {
            try (Warehouse warehouse =
                new TamperedWarehouse(
                    open(),
                    load -> {
                      meet(both);
                      return load;
                    })) {
              return load(warehouse, Shop.star(), "two").changes();
            } catch (LakeException e) {
              return e;
            }
          };
      ends.add(threads.submit(loading));
    }
    for (Future<Object> end : ends) {
      Object outcome = end.get();
      if (outcome instanceof LakeException refused) {
        assertThat(refused).hasMessageContaining("another load is writing");
      }
    }
    threads.shutdown();

    assertThat(changes().tables()).isEmpty();

    isGold();
    assertThat(loads()).doesNotHaveDuplicates();
    assertThat(query("SELECT count(*) FROM medallion_loads WHERE table_name = 'fact'"))
        .first()
        .asString()
        .isEqualTo("[2]");
  }

  /** Once; a load that tries again goes through. */
  private static void meet(CyclicBarrier both) {
    try {
      if (!both.isBroken()) {
        both.await(20, java.util.concurrent.TimeUnit.SECONDS);
        both.reset();
      }
    } catch (Exception e) {
      both.isBroken();
    }
  }

  @Test
  void aNewColumnIsLoadedAndALostOneNeedsFull() {
    changes();
    Star wider = Stars.withColumn(Shop.star("wider"), "email");
    shop.build(wider);

    LoadSummary summary = changes(wider);

    assertThat(summary.note()).hasValueSatisfying(n -> assertThat(n).contains("fact was loaded"));
    isGold();
    assertThat(query("SELECT DISTINCT email FROM fact")).containsExactly(List.of("a@x"));
    shop.build(Shop.star("narrower"));
    assertThatThrownBy(() -> changes(Shop.star("narrower")))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("gold.fact has other columns: column email would go")
        .hasMessageContaining("--full");
    full(Shop.star("narrower"));
    isGold();
  }

  @Test
  void viewsFollowTheirDefinitions() {
    changes();
    views.set(
        0,
        new SemanticView(
            "v_by_customer",
            "Rows by name",
            "SELECT name, COUNT(*) AS n FROM dim_customer GROUP BY name"));
    views.add(new SemanticView("v_names", "", "SELECT name FROM v_by_customer WHERE name = 'Ann'"));

    LoadSummary summary = changes();

    assertThat(summary.tables()).isEmpty();
    assertThat(summary.viewsReplaced()).containsExactly("v_by_customer", "v_names");
    assertThat(Plain.rows(query("SELECT * FROM v_names"))).containsExactly("Ann");
    views.remove(1);
    changes();
    assertThat(query("SELECT view_name FROM medallion_views"))
        .containsExactly(List.of("v_by_customer"));
    assertThatThrownBy(() -> query("SELECT * FROM v_names")).hasMessageContaining("v_names");
    assertThat(changes().viewsReplaced()).isEmpty();
  }

  /** Stars that differ from the shop's in one thing. */
  private static final class Stars {
    static Star withColumn(Star star, String column) {
      Star.Fact fact = star.facts().get(0);
      List<Star.Attribute> columns = new ArrayList<>(fact.columns());
      columns.add(Shop.attribute(column));
      return new Star(
          star.name(),
          star.source(),
          star.dimensions(),
          star.dateDimension(),
          List.of(
              new Star.Fact(
                  fact.table(),
                  fact.description(),
                  fact.grain(),
                  fact.dates(),
                  fact.references(),
                  columns)),
          star.checks(),
          star.digest());
    }
  }
}

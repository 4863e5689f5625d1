package io.medallion.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.ledger.ConservationException;
import io.medallion.core.ledger.Ledger;
import io.medallion.gold.star.Star;
import io.medallion.gold.warehouse.LedgerRow;
import io.medallion.gold.warehouse.LoadSummary;
import io.medallion.gold.warehouse.SemanticView;
import io.medallion.gold.warehouse.StaleLoadException;
import io.medallion.gold.warehouse.StarLoad;
import io.medallion.gold.warehouse.TableLoad;
import io.medallion.gold.warehouse.Warehouse;
import io.medallion.gold.warehouse.WarehouseLoad;
import java.io.IOException;
import java.nio.file.Path;
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
import java.util.function.UnaryOperator;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every warehouse must hold to. Each implementation runs it as it is. */
@Tag("slow")
abstract class WarehouseContract {
  static final LocalDate DAY = LocalDate.of(2024, 3, 1);
  private static final SemanticView BY_CUSTOMER =
      new SemanticView(
          "v_by_customer",
          "Amounts by customer's name",
          "SELECT c.name, SUM(f.amount) AS amount FROM fact f"
              + " JOIN dim_customer c ON c.customer_key = f.customer_key GROUP BY c.name");

  @TempDir static Path template;
  @TempDir Path dir;
  Shop shop;
  final List<SemanticView> views = new ArrayList<>(List.of(BY_CUSTOMER));

  /** The warehouse of this test: the same place at each call. */
  abstract Warehouse open();

  /** Rows of a query in the warehouse; values as its JDBC driver gives them, NULL as null. */
  abstract List<List<Object>> query(String sql);

  /** Changes the warehouse behind the loads' back. */
  abstract void execute(String sql);

  @BeforeAll
  static void buildOnce() {
    Shop built = new Shop(Session.small(), template.toString());
    built.open();
    built.put(
        Line.of("o1", 1, DAY),
        Line.of("o2", 1, DAY.plusDays(2)).customer("c2", "Böb \"q\" | 'x'\t\\ 😀", ""),
        Line.of("o3", 1, DAY.plusDays(9)).shipped(DAY.plusDays(10)).amount("-0.00001"),
        Line.of("o3", 2, DAY.plusDays(9)).customer("c3", "two\nlines,\r\nthree", null),
        Line.of("o4", 1, DAY.plusDays(12))
            .place("FR", "Metz", "East", "open")
            .amount("9999999999999.99999"),
        Line.of("o5", 1, LocalDate.of(1900, 1, 1)).amount(null).customer("c4", "", "NULL"));
    built.build(Shop.star());
  }

  @BeforeEach
  void copyShop() throws IOException {
    FileUtils.copyDirectory(template.toFile(), dir.resolve("lake").toFile());
    shop = new Shop(Session.small(), dir.resolve("lake").toString());
  }

  WarehouseLoad load(Warehouse warehouse, Star star, String runId) {
    return new WarehouseLoad(shop.spark, shop.lake, star, views, warehouse, Shop.CLOCK, runId);
  }

  LoadSummary changes() {
    return changes(Shop.star());
  }

  private LoadSummary changes(Star star) {
    try (Warehouse warehouse = open()) {
      return load(warehouse, star, "run").changes();
    }
  }

  private LoadSummary full(Star star) {
    try (Warehouse warehouse = open()) {
      return load(warehouse, star, "run").full();
    }
  }

  /** Loads through a warehouse whose every load is tampered with before it is applied. */
  private LoadSummary changes(UnaryOperator<StarLoad> tampering) {
    try (Warehouse warehouse = new Tampered(open(), tampering)) {
      return load(warehouse, Shop.star(), "tampered").changes();
    }
  }

  /** Every table equals gold's, row for row. */
  void isGold() {
    for (String table : Shop.star().tables()) {
      assertThat(Plain.rows(query("SELECT * FROM " + table)))
          .as(table)
          .isEqualTo(Plain.rows(shop.gold(table).read()));
    }
    assertThat(
            query(
                "SELECT f.order_id FROM fact f WHERE NOT EXISTS (SELECT 1 FROM dim_customer d"
                    + " WHERE d.customer_key = f.customer_key) OR NOT EXISTS (SELECT 1 FROM"
                    + " dim_place p WHERE p.place_key = f.place_key)"))
        .isEmpty();
  }

  private List<List<Object>> loads() {
    return query(
        "SELECT load_number, table_name, from_version, to_version, rows_inserted, rows_updated,"
            + " rows_deleted, rows_after FROM medallion_loads ORDER BY load_number, table_name");
  }

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
    assertThat(
            new Ledger(shop.spark, shop.lake)
                .last("load", "shop@" + summary.kind())
                .orElseThrow()
                .versions())
        .containsEntry("gold.fact", shop.gold("fact").version());
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
  void tenIncrementsWithLateRowsAndDeletesEndInGold() {
    changes();
    Random random = new Random(7);
    for (int step = 1; step <= 10; step++) {
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
      }
    }
    changes();

    isGold();
    assertThat(query("SELECT count(DISTINCT load_number) FROM medallion_loads").get(0).get(0))
        .hasToString("8");
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
    assertThat(changes().tables()).allSatisfy(row -> assertThat(row.fromVersion()).isPresent());
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
                new Tampered(
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
  void aLoadThatDoesNotAddUpChangesNothing() {
    changes();
    List<List<Object>> books = loads();
    List<String> customers = Plain.rows(query("SELECT * FROM dim_customer"));
    shop.put(Line.of("o1", 1, DAY.minusDays(3)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());

    assertThatThrownBy(() -> changes(load -> with(load, "fact", WarehouseContract::oneRowTooMany)))
        .isInstanceOf(ConservationException.class)
        .hasMessageContaining("Of fact 6 rows are there afterwards where it should be 7.");

    assertThat(loads()).isEqualTo(books);
    assertThat(Plain.rows(query("SELECT * FROM dim_customer"))).isEqualTo(customers);
    changes();
    isGold();
  }

  @Test
  void aLoadThatFailsWhileItsLastTableIsReadChangesNothing() {
    changes();
    List<List<Object>> books = loads();
    List<String> customers = Plain.rows(query("SELECT * FROM dim_customer"));
    shop.put(Line.of("o1", 1, DAY.minusDays(3)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());

    assertThatThrownBy(() -> changes(load -> with(load, "fact", WarehouseContract::unreadable)))
        .hasStackTraceContaining("the disk is gone");

    assertThat(loads()).isEqualTo(books);
    assertThat(Plain.rows(query("SELECT * FROM dim_customer"))).isEqualTo(customers);
    changes();
    isGold();
  }

  @Test
  void aFirstLoadThatDoesNotAddUpLeavesNothing() {
    assertThatThrownBy(() -> changes(load -> with(load, "fact", WarehouseContract::oneRowTooMany)))
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
    try (Warehouse warehouse = new Tampered(open(), load -> load).failingAfterwards()) {
      assertThatThrownBy(() -> load(warehouse, Shop.star(), "killed").changes())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("killed");
    }

    LoadSummary next = changes();

    assertThat(next.tables()).isEmpty();
    assertThat(new Ledger(shop.spark, shop.lake).last("load", "shop@" + next.kind()))
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
                    .bringTo(shop.source.version()))
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
            load.table(), load.from(), load.to(), load.rows(), load.rowsAfter() + 1);
  }

  private static TableLoad unreadable(TableLoad load) {
    TableLoad.Increment i = (TableLoad.Increment) load;
    var rows =
        i.rows()
            .withColumn(
                "amount",
                functions.expr("IF(order_id IS NULL, amount, raise_error('the disk is gone'))"));
    return new TableLoad.Increment(
        i.table(), i.from(), i.to(), rows, i.inserted(), i.updated(), i.deleted(), i.rowsAfter());
  }

  /** A real warehouse, whose loads are changed on their way. */
  private static final class Tampered implements Warehouse {
    private final Warehouse warehouse;
    private final UnaryOperator<StarLoad> tampering;
    private boolean fails;

    Tampered(Warehouse warehouse, UnaryOperator<StarLoad> tampering) {
      this.warehouse = warehouse;
      this.tampering = tampering;
    }

    Tampered failingAfterwards() {
      fails = true;
      return this;
    }

    @Override
    public String kind() {
      return warehouse.kind();
    }

    @Override
    public String place() {
      return warehouse.place();
    }

    @Override
    public io.medallion.gold.warehouse.WarehouseState state(String star) {
      return warehouse.state(star);
    }

    @Override
    public List<LedgerRow> apply(StarLoad load) {
      List<LedgerRow> rows = warehouse.apply(tampering.apply(load));
      if (fails) {
        throw new IllegalStateException("killed");
      }
      return rows;
    }

    @Override
    public Map<String, Long> countBy(String table, String column) {
      return warehouse.countBy(table, column);
    }

    @Override
    public void close() {
      warehouse.close();
    }
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

package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.rows.DriverRows;
import io.medallion.core.rows.RowImage;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load of few changes asks of Spark, in both warehouses. */
class SmallLoadTest {
  private static final LocalDate DAY = LocalDate.of(2024, 1, 1);

  @TempDir Path dir;
  private Shop shop;
  private SnowflakeUnderTest snowflake;
  private Ledger ledger;
  private final AtomicInteger jobs = new AtomicInteger();
  private final SparkListener counter =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart job) {
          jobs.incrementAndGet();
        }
      };

  @BeforeEach
  void loadTwice() {
    shop = new Shop(Session.small(), dir.resolve("lake").toString());
    shop.open();
    shop.put(Line.of("o1", 1, DAY), Line.of("o2", 1, DAY.plusDays(3)));
    shop.build(Shop.star());
    snowflake = new SnowflakeUnderTest(dir);
    openWarehouses().forEach(warehouse -> load(warehouse, KnownChanges.NONE));
    shop.spark.sparkContext().addSparkListener(counter);
  }

  @AfterEach
  void stop() {
    shop.spark.sparkContext().removeSparkListener(counter);
    snowflake.close();
  }

  private List<Warehouse> openWarehouses() {
    return List.of(
        new DuckDbWarehouse(shop.spark, shop.lake, dir.resolve("w.duckdb")), snowflake.open());
  }

  private LoadSummary load(Warehouse warehouse, KnownChanges known) {
    return new WarehouseLoad(
            shop.spark,
            shop.lake,
            ledger == null ? shop.ledger() : ledger,
            Shop.star(),
            List.of(),
            warehouse,
            Shop.CLOCK,
            "run",
            known)
        .changes();
  }

  /** Jobs until the warehouse has committed; the ledger's own come after. */
  private int jobsOf(Warehouse warehouse, KnownChanges known, long rows) throws Exception {
    // A run's ledger remembers what gold has appended to it.
    ledger = shop.ledger();
    ledger.last("gold", "shop");
    shop.spark.sparkContext().listenerBus().waitUntilEmpty();
    jobs.set(0);
    AtomicInteger counted = new AtomicInteger(-1);
    Warehouse observed =
        new TamperedWarehouse(warehouse, load -> load).afterwards(() -> counted.set(drained()));
    assertThat(load(observed, known).rows()).isEqualTo(rows);
    return counted.get() < 0 ? drained() : counted.get();
  }

  private int drained() {
    try {
      shop.spark.sparkContext().listenerBus().waitUntilEmpty();
      return jobs.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void isGold() {
    for (String table : Shop.star().tables()) {
      List<String> gold = Plain.rows(shop.gold(table).read());
      String columns = String.join(", ", shop.gold(table).read().columns());
      String all = "SELECT " + columns + " FROM " + table;
      assertThat(Plain.rows(DuckDbWarehouseTest.query(dir.resolve("w.duckdb"), all)))
          .as("DuckDB's " + table)
          .isEqualTo(gold);
      assertThat(Plain.rows(snowflake.query(all))).as("Snowflake's " + table).isEqualTo(gold);
    }
  }

  @Test
  void allTablesAreReadByOneJobAndNothingNewByNone() throws Exception {
    shop.put(Line.of("o1", 1, DAY.minusDays(2)).customer("c1", "Anna", "Home"), Line.of("o7", 1, DAY));
    shop.build(Shop.star());
    for (Warehouse warehouse : openWarehouses()) {
      // A year for the calendar, a version of the customer, of the product and of the place more.
      long changed = shop.gold("dim_date").read().count() - rows(warehouse, "dim_date");
      assertThat(changed).isEqualTo(366);
      assertThat(jobsOf(warehouse, KnownChanges.NONE, rowsChanged())).isEqualTo(1);
      assertThat(jobsOf(warehouse, KnownChanges.NONE, 0)).isZero();
    }
    isGold();
  }

  private long rows(Warehouse warehouse, String table) {
    return warehouse.countBy(table, "day_name").values().stream().mapToLong(n -> n).sum();
  }

  private long rowsChanged() {
    return 0;
  }

  @Test
  void whatOnlyPutsFilesTogetherIsNotRead() throws Exception {
    shop.put(Line.of("o7", 1, DAY));
    shop.build(Shop.star());
    openWarehouses().forEach(warehouse -> load(warehouse, KnownChanges.NONE));
    shop.gold("fact").delta().optimize().executeCompaction();
    shop.build(Shop.star("another"));
  }

  @Test
  void changesThatAreKnownAreNotRead() throws Exception {
    shop.put(Line.of("o1", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    Map<String, Long> before = new HashMap<>(shop.versions());
    shop.build(Shop.star());
    KnownChanges all =
        (table, after, upTo) ->
            after == before.get(table) ? Optional.of(images(table, after, upTo)) : Optional.empty();
    KnownChanges some =
        (table, after, upTo) ->
            table.equals("fact") ? Optional.empty() : all.between(table, after, upTo);
    Map<Warehouse, KnownChanges> ways = new HashMap<>();
    List<Warehouse> warehouses = openWarehouses();

    assertThat(jobsOf(warehouses.get(0), all, 3)).isZero();
    assertThat(jobsOf(warehouses.get(1), some, 3)).isEqualTo(1);

    isGold();
  }

  private List<RowImage> images(String table, long after, long upTo) {
    var schema = shop.gold(table).schema();
    var convert = CatalystTypeConverters.createToCatalystConverter(schema);
    int columns = schema.length();
    List<RowImage> images = new ArrayList<>();
    int jobsBefore = jobs.get();
    shop.gold(table)
        .changes(after + 1, upTo)
        .collectAsList()
        .forEach(
            row -> {
              Object[] values = new Object[columns];
              for (int i = 0; i < columns; i++) {
                values[i] = row.get(i);
              }
              images.add(
                  new RowImage(
                      (InternalRow)
                          convert.apply(org.apache.spark.sql.RowFactory.create(values)),
                      NetChange.CAME.contains(row.<String>getAs("_change_type")) ? 1 : -1,
                      row.<Long>getAs("_commit_version")));
            });
    drained();
    jobs.set(jobsBefore);
    return images;
  }

  @Test
  void moreRowsThanTheSettingSaysArePlanned() throws Exception {
    shop.put(Line.of("o1", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());
    shop.spark.conf().set(DriverRows.SETTING, "2");
    try {
      assertThat(jobsOf(openWarehouses().get(0), KnownChanges.NONE, 3)).isGreaterThan(2);
    } finally {
      shop.spark.conf().unset(DriverRows.SETTING);
    }
    load(openWarehouses().get(1), KnownChanges.NONE);
    isGold();
  }

  @Test
  void aLogThatNoLongerHasTheChangesNamesFull() throws Exception {
    for (int i = 1; i <= 2; i++) {
      shop.put(Line.of("o1", 1, DAY).amount(i + ".00000"));
      shop.build(Shop.star());
    }
    long first = shop.gold("fact").version() - 1;
    DeltaLog log = DeltaLog.forTable(shop.spark, shop.gold("fact").path());
    log.checkpoint();
    Path folder = Path.of(shop.gold("fact").path(), "_delta_log");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches("0*" + first + "\\.json")) {
          Files.delete(file);
        }
      }
    }
    DeltaLog.clearCache();

    assertThatThrownBy(() -> load(openWarehouses().get(0), KnownChanges.NONE))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(
            "the changes of gold.fact after version %d are no longer there".formatted(first - 1))
        .hasMessageContaining("--star shop --full");
  }
}

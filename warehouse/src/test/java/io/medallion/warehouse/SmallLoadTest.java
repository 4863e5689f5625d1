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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load of few changes, those of two builds at once, asks of Spark. */
class SmallLoadTest {
  private static final LocalDate DAY = LocalDate.of(2024, 1, 1);

  @TempDir static Path template;
  private static Shop shop;
  private static SnowflakeUnderTest snowflake;
  private static Map<String, Long> loadedVersions;

  @TempDir Path dir;
  private final AtomicInteger jobs = new AtomicInteger();
  private final SparkListener counter =
      new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart job) {
          jobs.incrementAndGet();
        }
      };

  /** Both warehouses have the first build, and gold has two more. */
  @BeforeAll
  static void buildOnce() {
    shop = new Shop(Session.small(), template.resolve("lake").toString());
    shop.open();
    shop.put(Line.of("o1", 1, DAY), Line.of("o2", 1, DAY.plusDays(3)));
    shop.build(Shop.star());
    loadedVersions = Map.copyOf(shop.versions());
    snowflake = new SnowflakeUnderTest(template);
    load(shop, new DuckDbWarehouse(shop.spark, shop.lake, template.resolve("w.duckdb")));
    load(shop, snowflake.open());
    shop.put(Line.of("o1", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());
    shop.put(
        Line.of("o1", 1, DAY.plusDays(2)).customer("c1", "Anne", "Home"), Line.of("o3", 1, DAY));
    shop.build(Shop.star());
  }

  @AfterAll
  static void stop() {
    snowflake.close();
  }

  @BeforeEach
  void copyFile() throws Exception {
    Files.copy(template.resolve("w.duckdb"), file());
    shop.spark.sparkContext().addSparkListener(counter);
  }

  @AfterEach
  void stopCounting() {
    shop.spark.sparkContext().removeSparkListener(counter);
  }

  private Path file() {
    return dir.resolve("w.duckdb");
  }

  private DuckDbWarehouse duckDb() {
    return new DuckDbWarehouse(shop.spark, shop.lake, file());
  }

  private static LoadSummary load(Shop shop, Warehouse warehouse) {
    return load(shop, shop.ledger(), warehouse, KnownChanges.NONE);
  }

  private static LoadSummary load(
      Shop shop, Ledger ledger, Warehouse warehouse, KnownChanges known) {
    return new WarehouseLoad(
            shop.spark,
            shop.lake,
            ledger,
            Shop.star(),
            List.of(),
            warehouse,
            Shop.CLOCK,
            "run",
            known)
        .changes();
  }

  /** Jobs until the warehouse has committed; the ledger's own come after. */
  private int jobsOf(Warehouse warehouse, KnownChanges known, Tables tables) {
    // A run's ledger remembers what gold has appended to it.
    Ledger ledger = shop.ledger();
    ledger.last("gold", "shop");
    drained();
    jobs.set(0);
    List<Integer> counted = new ArrayList<>();
    LoadSummary summary =
        load(
            shop,
            ledger,
            new TamperedWarehouse(warehouse, load -> load).afterwards(() -> counted.add(drained())),
            known);
    if (counted.isEmpty()) {
      counted.add(drained());
    }
    assertThat(summary.tables().stream().map(LedgerRow::table))
        .isEqualTo(
            tables == Tables.CHANGED ? List.of("dim_customer", "dim_place", "fact") : List.of());
    return counted.get(0);
  }

  private enum Tables {
    CHANGED,
    NONE
  }

  private int drained() {
    try {
      shop.spark.sparkContext().listenerBus().waitUntilEmpty();
      return jobs.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every table of a warehouse, asked by {@code query}, equals gold's. */
  private static void isGold(java.util.function.Function<String, List<List<Object>>> query) {
    for (String table : Shop.star().tables()) {
      String columns = String.join(", ", shop.gold(table).read().columns());
      assertThat(Plain.rows(query.apply("SELECT " + columns + " FROM " + table)))
          .as(table)
          .isEqualTo(Plain.rows(shop.gold(table).read()));
    }
  }

  private List<List<Object>> query(String sql) {
    return DuckDbWarehouseTest.query(file(), sql);
  }

  @Test
  void allTablesAreReadByOneJobAndNothingNewByNone() {
    assertThat(jobsOf(duckDb(), KnownChanges.NONE, Tables.CHANGED)).isEqualTo(1);
    assertThat(jobsOf(duckDb(), KnownChanges.NONE, Tables.NONE)).isZero();
    isGold(this::query);
  }

  @Test
  void snowflakeIsLoadedByNoJobBesides() {
    assertThat(jobsOf(snowflake.open(), KnownChanges.NONE, Tables.CHANGED)).isEqualTo(1);
    assertThat(jobsOf(snowflake.open(), KnownChanges.NONE, Tables.NONE)).isZero();
    isGold(snowflake::query);
    assertThat(snowflake.server().stagedFiles()).isZero();
  }

  @Test
  void changesThatAreKnownAreNotRead() {
    KnownChanges all = (table, after, upTo) -> Optional.of(images(table, after, upTo));

    assertThat(jobsOf(duckDb(), all, Tables.CHANGED)).isZero();

    isGold(this::query);
  }

  @Test
  void onlyChangesThatAreNotKnownAreRead() {
    KnownChanges some =
        (table, after, upTo) ->
            table.equals("fact") ? Optional.empty() : Optional.of(images(table, after, upTo));

    assertThat(jobsOf(duckDb(), some, Tables.CHANGED)).isEqualTo(1);

    isGold(this::query);
  }

  /** As gold could hand them over; jobs that read them here are not counted. */
  private List<RowImage> images(String table, long after, long upTo) {
    assertThat(after).isEqualTo(loadedVersions.get(table));
    assertThat(upTo).isEqualTo(shop.gold(table).version());
    int before = drained();
    StructType schema = shop.gold(table).schema();
    var convert = CatalystTypeConverters.createToCatalystConverter(schema);
    List<RowImage> images = new ArrayList<>();
    for (Row row : shop.gold(table).changes(after + 1, upTo).collectAsList()) {
      Object[] values = new Object[schema.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      images.add(
          new RowImage(
              (InternalRow) convert.apply(RowFactory.create(values)),
              NetChange.CAME.contains(row.<String>getAs(NetChange.CHANGE_TYPE)) ? 1 : -1,
              row.<Long>getAs(NetChange.VERSION)));
    }
    drained();
    jobs.set(before);
    return images;
  }

  @Test
  void moreRowsThanTheSettingSaysArePlanned() {
    shop.spark.conf().set(DriverRows.SETTING, "2");
    try {
      assertThat(jobsOf(duckDb(), KnownChanges.NONE, Tables.CHANGED)).isGreaterThan(2);
    } finally {
      shop.spark.conf().unset(DriverRows.SETTING);
    }
    isGold(this::query);
  }

  @Test
  void aLogThatNoLongerHasTheChangesNamesFull() throws Exception {
    FileUtils.copyDirectory(template.resolve("lake").toFile(), dir.resolve("lake").toFile());
    Shop copy = new Shop(shop.spark, dir.resolve("lake").toString());
    long loaded = loadedVersions.get("fact");
    String fact = copy.gold("fact").path();
    DeltaLog.forTable(copy.spark, fact).checkpoint();
    Files.delete(Path.of(fact, "_delta_log", "%020d.json".formatted(loaded + 1)));
    DeltaLog.clearCache();

    assertThatThrownBy(() -> load(copy, duckDb()))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(
            "the changes of gold.fact after version %d are no longer there".formatted(loaded))
        .hasMessageContaining("--star shop --full");
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import io.medallion.warehouse.LoadSummary;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lakes that earlier versions wrote, with their warehouse, continued by today's code under the
 * contract and star of then. {@code lakes/README.md} says how each was written.
 */
@Tag("slow")
class OldLakeTest {
  private static final Path LAKES = TestLake.REPOSITORY.resolve("jobs/src/test/resources/lakes");

  /** That a lake with a topic has landed of it. */
  private static final int EVENTS = 240;

  private static final List<String> TABLES =
      List.of(
          "bronze.manifest",
          "silver.sales_orders",
          "silver.quarantine",
          "gold.dim_customer",
          "gold.dim_product",
          "gold.dim_store",
          "gold.dim_date",
          "gold.fact_sales");

  /** Columns that tell of runs, of when they were, and of places. */
  private static final Set<String> OF_THE_RUN =
      Set.of(
          "_landing_seq",
          "landing_seq",
          "landed_at",
          "ingest_date",
          "run_id",
          "parts",
          "source_uri",
          "batch_id",
          "quarantined_at");

  @TempDir Path dir;

  static List<Path> lakes() throws IOException {
    try (Stream<Path> files = Files.list(LAKES)) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lakes")
  void isContinuedWithoutARebuildAndEndsAsIfTodaysCodeHadWrittenAll(Path archive) throws Exception {
    unpack(archive);
    LocalSession.shared();
    TestLake old = new TestLake(dir.resolve("lake").toString(), dir.resolve("conf"));
    TestLake today = new TestLake(dir.resolve("today").toString(), dir.resolve("conf"));
    standsAsItWasLeft(old);

    bronze(old, dir.resolve("rest"));
    if (Files.exists(dir.resolve("events"))) {
      try (OldTopic topic = OldTopic.of(old, dir.resolve("events"), dir.resolve("broker"))) {
        assertThat(land(today, topic)).isEqualTo(EVENTS);
      }
    }
    goOnLayerByLayer(old);
    CommandRun increment =
        command(new RunJob(), old, "--source", dir.resolve("increment").toString());

    assertThat(increment.exitCode()).as(increment.err()).isEqualTo(ExitCode.DONE);
    assertThat(increment.err()).doesNotContain("was built anew");
    assertThat(command(new ReconcileJob(), old).exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(loaded(old)).hasSize(facts(old));

    CommandRun all = command(new RunJob(), today, "--source", everyFile().toString());
    // One of the files lacks a column.
    assertThat(all.exitCode()).as(all.err()).isEqualTo(ExitCode.DELIVERY_REFUSED);
    assertThat(all.err()).contains("star sales was built anew: this is the first build");
    boolean hasTopic = Files.exists(dir.resolve("events"));
    TreeMap<String, List<String>> continued = content(old, hasTopic);
    content(today, hasTopic)
        .forEach(
            (table, rows) ->
                assertThat(continued.get(table)).as(table).isNotEmpty().isEqualTo(rows));
    assertThat(accounts(old, hasTopic))
        .containsExactlyInAnyOrderElementsOf(accounts(today, hasTopic));
    assertThat(loaded(old)).isNotEmpty().isEqualTo(loaded(today));
  }

  /** Today's books of the lake are the ones that its version printed. */
  private void standsAsItWasLeft(TestLake old) throws IOException {
    CommandRun reconciled = command(new ReconcileJob(), old, "--json");
    assertThat(reconciled.exitCode()).as(reconciled.err()).isEqualTo(ExitCode.DONE);
    ObjectMapper json = new ObjectMapper();
    JsonNode then = json.readTree(dir.resolve("reconcile.json").toFile());
    assertThat(then.get("total").get("quarantined").longValue()).isPositive();
    assertThat(then.get("total").get("facts").has("duckdb.fact_sales")).isTrue();
    holds(json.readTree(reconciled.out()), then, "reconcile");

    String order = old.query("SELECT min(order_id) FROM gold.fact_sales").get(0).get(0);
    CommandRun traced = command(new TraceJob(), old, "--order-id", order);
    assertThat(traced.exitCode()).as(traced.err()).isEqualTo(ExitCode.DONE);
    assertThat(traced.out().split("\nraw ")[1]).as("the raw text").contains(order);
  }

  /** Everything that was said then is said today; more may be. */
  private static void holds(JsonNode now, JsonNode then, String where) {
    assertThat(now).as(where).isNotNull();
    if (then.isContainerNode()) {
      assertThat(now.getNodeType()).as(where).isEqualTo(then.getNodeType());
      if (then.isArray()) {
        assertThat(now.size()).as(where).isEqualTo(then.size());
        for (int i = 0; i < then.size(); i++) {
          holds(now.get(i), then.get(i), where + "[" + i + "]");
        }
      }
      then.fields()
          .forEachRemaining(
              field ->
                  holds(now.get(field.getKey()), field.getValue(), where + "." + field.getKey()));
    } else {
      assertThat(now).as(where).isEqualTo(then);
    }
  }

  private static void bronze(TestLake old, Path files) {
    assertThat(old.open("rest").bronze("sales_orders").land(List.of(files.toString())).landed())
        .isNotEmpty();
  }

  /** Lands a topic; returns the number of events. */
  private static long land(TestLake lake, OldTopic topic) {
    AtomicLong events = new AtomicLong();
    lake.open("events")
        .topic("sales_events", topic.source())
        .run(Trigger.AvailableNow(), batch -> events.addAndGet(batch.records()));
    return events.get();
  }

  /** Layer by layer, since each says what it did. */
  private static void goOnLayerByLayer(TestLake old) {
    Lakehouse lakehouse = old.open("rest");
    Star star = lakehouse.configuration().stars().byName("sales");
    assertThat(
            lakehouse.silver(lakehouse.configuration().contracts().byTable("sales_orders")).run())
        .isNotEmpty();

    GoldSummary built = lakehouse.gold(star).run();

    assertThat(built.builds()).isNotEmpty();
    assertThat(built.builds()).allSatisfy(build -> assertThat(build.rebuilt()).isEmpty());
    assertThat(built.breaches()).isEmpty();
    try (Warehouse warehouse = duckDb(old)) {
      LoadSummary load = lakehouse.load(star, warehouse).changes();
      assertThat(load.note()).isEmpty();
      assertThat(load.tables()).isNotEmpty();
      assertThat(load.tables()).allSatisfy(row -> assertThat(row.fromVersion()).isPresent());
    }
    Reconciliation books = old.reconcile();
    assertThat(books.balances()).isTrue();
    assertThat(books.pending()).isZero();
  }

  private static int facts(TestLake lake) {
    return Integer.parseInt(lake.query("SELECT count(*) FROM gold.fact_sales").get(0).get(0));
  }

  /** All files in one folder, where their names bring them into the order in which they came. */
  private Path everyFile() throws IOException {
    Path all = Files.createDirectory(dir.resolve("all"));
    for (String folder : List.of("drop", "rejected", "rest", "increment")) {
      FileUtils.copyDirectory(dir.resolve(folder).toFile(), all.toFile());
    }
    return all;
  }

  private static Warehouse duckDb(TestLake lake) {
    return new DuckDbWarehouse(
        LocalSession.shared(), lake.open("load").lake(), lake.root().resolve("warehouse.duckdb"));
  }

  private static CommandRun command(Job job, TestLake lake, String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--lake", lake.location(), "--config", lake.conf().toString()));
    return CommandRun.of(job, Map.of(), line.toArray(String[]::new));
  }

  /**
   * @param hasTopic whether events landed too: into which files depends on how a stream cuts them,
   *     and they are another topic's by its id
   */
  private static TreeMap<String, List<String>> content(TestLake lake, boolean hasTopic) {
    TreeMap<String, List<String>> content = new TreeMap<>();
    for (String table : TABLES) {
      String[] columns =
          Arrays.stream(lake.columns(table))
              .filter(column -> !OF_THE_RUN.contains(column))
              .filter(column -> !hasTopic || !column.matches("_?file_id"))
              .toArray(String[]::new);
      String files = table.equals("bronze.manifest") ? "feed <> 'sales_events'" : "true";
      content.put(
          table,
          lake.table(table).read().where(files).selectExpr(columns).collectAsList().stream()
              .map(row -> TestLake.texts(row).toString())
              .sorted()
              .toList());
    }
    return content;
  }

  /**
   * What became of the records of each file, whatever the file is called. Today's lake has the
   * events before all files: a record that an event has overtaken by then is superseded, where it
   * was a duplicate of the row that was there before.
   */
  private static List<List<Long>> accounts(TestLake lake, boolean hasTopic) {
    return lake.reconcile().linesByPartition().stream()
        .map(
            line ->
                List.of(
                    line.landed(),
                    line.accepted(),
                    hasTopic ? line.duplicates() + line.superseded() : line.duplicates(),
                    hasTopic ? 0 : line.superseded(),
                    line.quarantined()))
        .toList();
  }

  /** The star as DuckDB has it. */
  private static List<String> loaded(TestLake lake) throws SQLException {
    try (Connection warehouse =
            DriverManager.getConnection("jdbc:duckdb:" + lake.root().resolve("warehouse.duckdb"));
        Statement statement = warehouse.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT concat_ws('|', f.order_id, f.row_id, f.sales, f.profit, c.customer_name,"
                    + " c.valid_from, p.product_name, p.valid_from, s.city, s.valid_from, d.date)"
                    + " FROM fact_sales f JOIN dim_customer c USING (customer_key)"
                    + " JOIN dim_product p USING (product_key) JOIN dim_store s USING (store_key)"
                    + " JOIN dim_date d ON d.date_key = f.order_date_key ORDER BY 1")) {
      List<String> loaded = new ArrayList<>();
      while (rows.next()) {
        loaded.add(rows.getString(1));
      }
      return loaded;
    }
  }

  private void unpack(Path archive) throws IOException {
    try (InputStream bytes = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(bytes)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = dir.resolve(entry.getName());
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
  }
}

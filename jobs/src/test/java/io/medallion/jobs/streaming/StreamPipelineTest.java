package io.medallion.jobs.streaming;

import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.tables.DeltaTable;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.lake.LakeTable;
import io.medallion.jobs.EventTopic;
import io.medallion.jobs.SalesEvents;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.kafka.KafkaBroker;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic through all layers at once, with a file job beside it on the same lake. */
@Tag("slow")
class StreamPipelineTest {
  private static final int EVENTS = 120;
  private static final long PATIENCE_MILLIS = 120_000;
  private static final String MIN_FILES = "spark.databricks.delta.autoCompact.minNumFiles";

  @TempDir private Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void aFileJobRunsBesideTheStreamAndAStopBringsWhatHasLandedToGold() throws Exception {
    SalesEvents.History sent = SalesEvents.generate(11, EVENTS);
    TestLake lake = new TestLake(folder.resolve("lake"));
    StopSignal signal = StopSignal.manual();
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
        EventTopic topic = new EventTopic(broker.bootstrapServers(), "sales_orders", 2)) {
      StreamThread stream =
          StreamThread.start("test", () -> pipeline(lake, broker, signal).run(Optional.empty()));
      String report;
      try (FileChannel otherProgram = warehouseInUse()) {
        send(topic, sent.events().subList(0, EVENTS / 2));
        awaitSaid(stream, "sales_orders: ");
        report = lake.run("files", csv());
        awaitSaid(stream, "star sales was not loaded, and is loaded with the next build: another");
        assertThat(otherProgram.isOpen()).isTrue();
      }
      assertThat(warehouse()).doesNotExist();

      assertThat(report).doesNotContain("error");
      assertThat(lake.query("SELECT count(*) FROM gold.fact_sales WHERE order_id = 'FILE-1'"))
          .containsExactly(List.of("1"));
      send(topic, sent.events().subList(EVENTS / 2, EVENTS));
      awaitLanded(lake, stream, EVENTS + 1);
      // Small files are put together, and streams follow their tables over such commits.
      for (String table : List.of("bronze/manifest", "silver/sales_orders", "silver/quarantine")) {
        awaitCompacted(stream, table);
      }
      signal.raise();
      stream.join();
      stream.rethrow();
    }
    Reconciliation reconciliation = lake.reconcile();
    assertThat(reconciliation.balances()).as(reconciliation.toString()).isTrue();
    assertThat(reconciliation.pending()).isZero();
    assertThat(reconciliation.total().landed()).isEqualTo(EVENTS + 1);
    assertThat(lake.query("SELECT count(*) FROM gold.fact_sales"))
        .containsExactly(List.of(String.valueOf(sent.lines().size() + 1)));
    assertThat(reconciliation.total().quarantined())
        .isEqualTo(sent.events().stream().filter(SalesEvents.Event::broken).count());
    assertThat(said()).doesNotContain("starts again");
    assertThat(loaded()).isEqualTo(sent.lines().size() + 1);
  }

  /** After fewer files than by default, so that it happens in so short a time. */
  @BeforeEach
  void compactSoon() {
    LocalSession.shared().conf().set(MIN_FILES, 2);
  }

  @AfterEach
  void compactAsByDefault() {
    LocalSession.shared().conf().unset(MIN_FILES);
  }

  private StreamPipeline pipeline(TestLake lake, KafkaBroker broker, StopSignal signal) {
    Lakehouse lakehouse = lake.open("stream");
    TopicSource source =
        new TopicSource(
            broker.bootstrapServers(),
            "sales_orders",
            Map.of(),
            OptionalLong.of(30),
            TopicSource.OnDataLoss.FAIL);
    Console console =
        new Console(
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new PrintStream(said, true, StandardCharsets.UTF_8));
    return new StreamPipeline(
        lakehouse,
        "sales_events",
        source,
        lakehouse.configuration().stars().fedBy("sales_orders"),
        new StreamPipeline.Triggers(
            Trigger.ProcessingTime(200),
            Trigger.ProcessingTime(200),
            Duration.ofSeconds(3),
            Duration.ofMinutes(2)),
        new StreamReport(console),
        signal,
        Optional.of(new DuckDbWarehouse(lakehouse.spark(), lakehouse.lake(), warehouse())));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private Path warehouse() {
    return folder.resolve("warehouse/sales.duckdb");
  }

  /** Takes the place of its one writer, until the channel is closed. */
  private FileChannel warehouseInUse() throws IOException {
    Files.createDirectories(warehouse().getParent());
    FileChannel channel =
        FileChannel.open(
            warehouse().resolveSibling("sales.duckdb.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private long loaded() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + warehouse());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM fact_sales")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void send(EventTopic topic, List<SalesEvents.Event> events) throws Exception {
    for (SalesEvents.Event event : events) {
      topic.send(event);
    }
  }

  private Path csv() throws Exception {
    String line =
        SalesEvents.generateUpserts(1, 1).upserts().stream()
            .map(SalesEvents.Line::csv)
            .collect(Collectors.joining())
            .replaceAll("EV-2024-\\d+", "FILE-1");
    return Files.writeString(folder.resolve("orders.csv"), SalesEvents.CSV_HEADER + line);
  }

  private void awaitLanded(TestLake lake, StreamThread stream, long records)
      throws InterruptedException {
    LakeTable manifest = lake.open("test").lake().manifest(LocalSession.shared());
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (manifest.read().agg(sum("record_count")).head().getLong(0) < records) {
      stream.rethrow();
      assertThat(System.currentTimeMillis()).as(said()).isLessThan(deadline);
      Thread.sleep(1_000);
    }
  }

  private void awaitCompacted(StreamThread stream, String table) throws InterruptedException {
    String path = folder.resolve("lake/" + table).toString();
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!DeltaTable.isDeltaTable(LocalSession.shared(), path)
        || DeltaTable.forPath(LocalSession.shared(), path)
            .history()
            .where("operation = 'OPTIMIZE'")
            .isEmpty()) {
      stream.rethrow();
      assertThat(System.currentTimeMillis()).as(table).isLessThan(deadline);
      Thread.sleep(1_000);
    }
  }

  private void awaitSaid(StreamThread stream, String text) throws InterruptedException {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!said().contains(text)) {
      stream.rethrow();
      assertThat(System.currentTimeMillis()).as(said()).isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}

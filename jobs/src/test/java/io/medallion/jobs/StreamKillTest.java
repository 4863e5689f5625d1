package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.OffsetRange;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.streaming.StreamThread;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.Rounds;
import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events with every fault class at random times, while the pipeline is killed and the broker
 * restarted: what is left is what an undisturbed run of files that never were wrong gives.
 */
@Tag("slow")
class StreamKillTest {
  /** {@code -Dmedallion.rounds=20} for a thorough run. */
  private static final int KILLS = Rounds.of(3);

  private static final int EVENTS_PER_LIFE = 75;
  private static final int EVENTS = EVENTS_PER_LIFE * (KILLS + 1);
  private static final int BROKER_RESTARTS = Math.max(1, KILLS * 3 / 20);
  private static final int HELD_BACK = 30;
  private static final int LONGEST_LIFE_MILLIS = 10_000;
  private static final long LANDING_MILLIS = 60_000;
  private static final long PATIENCE_MILLIS = 120_000;

  @TempDir private Path folder;

  @Test
  void killedAtAnyInstantEveryEventIsJudgedOnce() throws Exception {
    long seed = Rounds.seed();
    SalesEvents.History history = SalesEvents.generate(seed, EVENTS);
    Random random = Rounds.random(StreamKillTest.class);
    // The last ones wait for the process that ends by itself, so that it has something to land.
    List<SalesEvents.Event> first = history.events().subList(0, EVENTS - HELD_BACK);
    List<SalesEvents.Event> last = history.events().subList(EVENTS - HELD_BACK, EVENTS);
    TestLake lake = new TestLake(folder.resolve("lake"));
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
        EventTopic topic = new EventTopic(broker.bootstrapServers(), "sales_orders", 3)) {
      // So that no process finds nothing left to land.
      Semaphore admitted = new Semaphore(0);
      StreamThread sender =
          StreamThread.start("sender", () -> send(topic, first, admitted, new Random(seed + 1)));
      for (int kill = 0; kill < KILLS; kill++) {
        admitted.release(EVENTS_PER_LIFE);
        try (StreamProcess stream = stream(broker)) {
          // Every second one when it lands events, the others at any instant from their start on.
          if (kill % 2 == 0) {
            awaitLanding(lake, stream);
          }
          int life = random.nextInt(LONGEST_LIFE_MILLIS);
          Thread.sleep(life / 2);
          if (restartsBroker(kill)) {
            broker.stop();
            broker.restart();
          }
          Thread.sleep(life - life / 2);
          assertThat(stream.running()).as(stream.log()).isTrue();
          stream.kill();
        }
      }
      admitted.release(EVENTS);
      sender.join();
      sender.rethrow();
      send(topic, last, admitted, new Random(seed + 2));
      finish(broker, lake);

      assertEveryOffsetOnce(lake);
      assertThat(quarantined(lake)).isEqualTo(topic.broken());
      Reconciliation reconciliation = lake.reconcile();
      assertThat(reconciliation.lines()).allMatch(Reconciliation.Line::addsUp);
      assertThat(reconciliation.pending()).isZero();
      assertThat(reconciliation.total().landed()).isEqualTo(EVENTS);
      // Processes that were killed did their part.
      assertThat(files(lake).stream().map(ManifestFile::runId).distinct().count())
          .isGreaterThan(KILLS / 2);
      TreeMap<String, List<String>> content = SalesContent.of(lake);
      assertThat(content).isEqualTo(truth(history));
      assertThat(loaded())
          .isEqualTo(
              lake.query("SELECT order_id, row_id, sales FROM gold.fact_sales ORDER BY 1, 2"));
    }
  }

  /** Until the process has landed something. */
  private static void awaitLanding(TestLake lake, StreamProcess stream)
      throws InterruptedException {
    int before = files(lake).size();
    long deadline = System.currentTimeMillis() + LANDING_MILLIS;
    while (files(lake).size() == before) {
      assertThat(System.currentTimeMillis()).as(stream.log()).isLessThan(deadline);
      assertThat(stream.running()).as(stream.log()).isTrue();
      Thread.sleep(200);
    }
  }

  /** Evenly among the kills. */
  private static boolean restartsBroker(int kill) {
    return IntStream.range(0, BROKER_RESTARTS)
        .anyMatch(i -> kill == (2 * i + 1) * KILLS / (2 * BROKER_RESTARTS));
  }

  private List<List<String>> loaded() throws SQLException {
    Path file = folder.resolve("lake/warehouse.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT order_id, row_id, sales FROM fact_sales ORDER BY 1, 2")) {
      List<List<String>> loaded = new ArrayList<>();
      while (rows.next()) {
        loaded.add(List.of(rows.getString(1), rows.getString(2), rows.getString(3)));
      }
      return loaded;
    }
  }

  private StreamProcess stream(KafkaBroker broker) {
    return StreamProcess.start(
        folder.resolve("stream.log"),
        StreamJob.class,
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--lake",
        folder.resolve("lake").toString(),
        "--config",
        TestLake.REPOSITORY.resolve("conf").toString(),
        "--trigger",
        "300ms",
        "--gold-trigger",
        "1s",
        "--max-offsets-per-trigger",
        "100");
  }

  private static void send(
      EventTopic topic, List<SalesEvents.Event> events, Semaphore admitted, Random random)
      throws Exception {
    for (SalesEvents.Event event : events) {
      admitted.acquire();
      topic.send(event);
      if (random.nextInt(10) == 0) {
        Thread.sleep(random.nextInt(1_500));
      }
    }
  }

  /** The last process is not killed: it is asked to end when everything has landed. */
  private void finish(KafkaBroker broker, TestLake lake) throws InterruptedException {
    try (StreamProcess stream = stream(broker)) {
      long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
      while (landed(lake) < EVENTS) {
        assertThat(System.currentTimeMillis()).as(stream.log()).isLessThan(deadline);
        assertThat(stream.running()).as(stream.log()).isTrue();
        Thread.sleep(500);
      }
      assertThat(stream.terminate()).as(stream.log()).isEqualTo(ExitCode.DONE);
    }
  }

  private static long landed(TestLake lake) {
    return files(lake).stream().mapToLong(ManifestFile::recordCount).sum();
  }

  private static List<ManifestFile> files(TestLake lake) {
    LakeTable manifest = lake.open("test").lake().manifest(LocalSession.shared());
    return manifest.exists()
        ? manifest.read().collectAsList().stream().map(Manifest::file).toList()
        : List.of();
  }

  private static void assertEveryOffsetOnce(TestLake lake) {
    Map<Integer, List<OffsetRange>> byPartition =
        files(lake).stream()
            .map(file -> ((EventLanding) file).offsets())
            .sorted(Comparator.comparingLong(OffsetRange::first))
            .collect(
                Collectors.groupingBy(OffsetRange::partition, TreeMap::new, Collectors.toList()));
    assertThat(byPartition).hasSize(3);
    byPartition.forEach(
        (partition, ranges) -> {
          long next = 0;
          for (OffsetRange range : ranges) {
            assertThat(range.first()).as(ranges.toString()).isEqualTo(next);
            next = range.last() + 1;
          }
        });
  }

  private static TreeSet<String> quarantined(TestLake lake) {
    return lake.query("SELECT source_uri, record_number FROM silver.quarantine").stream()
        .map(row -> row.get(0) + " " + row.get(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private TreeMap<String, List<String>> truth(SalesEvents.History history) throws Exception {
    Path file = folder.resolve("truth.csv");
    Files.writeString(
        file,
        SalesEvents.CSV_HEADER
            + history.lines().values().stream()
                .map(SalesEvents.Line::csv)
                .collect(Collectors.joining()));
    TestLake lake = new TestLake(folder.resolve("truth"));
    lake.run("truth", file);
    return SalesContent.of(lake);
  }
}

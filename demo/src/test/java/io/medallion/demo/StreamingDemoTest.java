package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.jobs.StatusJob;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streaming demo, and what was seen of its streams. */
@Tag("slow")
class StreamingDemoTest {
  private static final int EVENTS = 400;

  @TempDir private Path dir;
  private String out;

  private int command(Job job, String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    int exitCode =
        job.run(
            words,
            new Console(
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
    out = outBytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("medallion-") || name.contains("kafka"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theDemoEndsWhatItStartedAndEveryBatchWasSeen() throws Exception {
    LocalSession.shared();
    TestLake lake = new TestLake(dir.resolve("demo/lake"));
    lake.query("SELECT 1");

    int exitCode =
        command(
            new DemoJob(),
            "--streaming",
            "--events",
            String.valueOf(EVENTS),
            "--rate",
            "100",
            "--dir",
            dir.resolve("demo").toString());

    assertThat(exitCode).as(out).isEqualTo(ExitCode.DONE);
    assertThat(out.lines().filter(line -> line.endsWith("  as expected"))).hasSize(3);
    assertThat(LocalSession.shared().streams().active()).isEmpty();
    assertThat(threads()).noneMatch(name -> name.startsWith("medallion-"));

    List<List<String>> sums =
        lake.query(
            "SELECT layer, subject, CAST(sum(records) AS STRING), CAST(count(DISTINCT stream_batch)"
                + " = count(*) AS STRING) FROM ops.stream_batches GROUP BY 1, 2 ORDER BY 1");
    assertThat(sums)
        .contains(
            List.of("bronze", "sales_events", String.valueOf(EVENTS), "true"),
            List.of("silver", "sales_orders", String.valueOf(EVENTS), "true"));
    assertThat(sums)
        .extracting(row -> row.subList(0, 2))
        .containsExactly(
            List.of("bronze", "sales_events"),
            List.of("gold", "sales"),
            List.of("silver", "sales_orders"));
    assertThat(
            lake.query(
                "SELECT layer, stream_batch, records, duration_ms, phases_ms, longest_latency_ms,"
                    + " shortest_latency_ms FROM ops.stream_batches WHERE longest_latency_ms IS NULL"
                    + " OR longest_latency_ms < shortest_latency_ms OR longest_latency_ms > 300000"
                    + " OR duration_ms < coalesce(phases_ms[if(layer = 'gold', 'facts',"
                    + " 'addBatch')], duration_ms + 1)"))
        .isEmpty();
    assertThat(
            lake.query(
                "SELECT layer, max_by(lag_records, finished_at), max_by(lag_ms, finished_at)"
                    + " FROM ops.stream_batches GROUP BY 1 ORDER BY 1"))
        .containsExactly(
            List.of("bronze", "0", "0"), List.of("gold", "0", "0"), List.of("silver", "0", "0"));
    statusShowsIt(lake);
  }

  private void statusShowsIt(TestLake lake) throws Exception {
    assertThat(command(new StatusJob(), "--json", "--lake", lake.root().toString()))
        .isEqualTo(ExitCode.DONE);
    JsonNode status = new ObjectMapper().readTree(out);
    assertThat(status.get("feeds")).hasSize(1);
    JsonNode feed = status.get("feeds").get(0);
    assertThat(feed.get("feed").textValue()).isEqualTo("sales_events");
    assertThat(feed.get("kind").textValue()).isEqualTo("topic");
    assertThat(feed.get("records").longValue()).isEqualTo(EVENTS);
    assertThat(feed.get("pending").longValue()).isZero();
    List<String> layers = new ArrayList<>();
    status.get("streams").forEach(stream -> layers.add(stream.get("layer").textValue()));
    assertThat(layers).containsExactly("bronze", "gold", "silver");
    List<String> tables = new ArrayList<>();
    status.get("tables").forEach(table -> tables.add(table.get("table").textValue()));
    assertThat(tables)
        .contains(
            "bronze.manifest", "silver.sales_orders", "gold.fact_sales", "ops.stream_batches");

    assertThat(command(new StatusJob(), "--lake", lake.root().toString())).isEqualTo(ExitCode.DONE);
    assertThat(out).contains("\nFeeds\n", "\nStreams, last batch\n", "\nLast runs\n", "\nTables\n");
  }
}

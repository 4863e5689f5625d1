package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.Rounds;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job, killed after each of its commits. A process of its own commits to an empty lake and
 * is stopped (SIGSTOP) after every commit, whereupon the lake is copied: that is what SIGKILL at
 * that instant leaves, for the price of one process. Its own end is the undisturbed content, and
 * each of the copies is run again to its end and held against it. A commit that is drawn, of as
 * many as there are, is killed in truth: {@code -Dmedallion.rounds=N} kills N.
 */
@Tag("slow")
class KilledRunTest {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** What is compared of each table, all columns but those that tell of runs and their times. */
  private static final Map<String, String[]> LEFT_OUT =
      Map.of(
          "bronze.manifest",
          new String[] {"landing_seq", "landed_at", "ingest_date", "run_id", "parts"},
          "silver.sales_orders",
          new String[] {"_landing_seq"},
          "silver.quarantine",
          new String[] {"landing_seq", "batch_id", "quarantined_at"},
          "gold.dim_customer",
          new String[0],
          "gold.dim_product",
          new String[0],
          "gold.dim_store",
          new String[0],
          "gold.dim_date",
          new String[0],
          "gold.fact_sales",
          new String[0]);

  /** Tables that the main job writes on an empty lake, each in at least one commit. */
  private static final List<String> WRITTEN =
      List.of(
          "bronze/manifest",
          "silver/sales_orders",
          "silver/quarantine",
          "gold/dim_customer",
          "gold/dim_product",
          "gold/dim_store",
          "gold/dim_date",
          "gold/fact_sales",
          "ops/runs",
          "ops/check_results");

  @TempDir Path dir;
  private TestLake lake;

  @BeforeEach
  void generateOrders() throws IOException {
    LocalSession.shared();
    lake = new TestLake(dir.resolve("lake"));
    OrderGenerator.generate(
        GeneratorOptions.of(100, dir.resolve("data"))
            .withSeed(3)
            .withFaultRate(0.05)
            .withIncrementPercent(10));
  }

  @Test
  void firstRunKilledAfterEveryCommitEndsInTheContentOfAnUndisturbedOne() throws Exception {
    Path source = dir.resolve("data/orders");

    int commits = runStoppedAfterEveryCommit(source);

    for (String table : WRITTEN) {
      assertThat(commits(lake.root())).anyMatch(commit -> commit.contains(table));
    }
    assertThat(commits(lake.root())).hasSize(commits);
    Map<String, List<String>> undisturbed = content();
    assertThat(lake.reconcile().balances()).isTrue();
    for (int killed = 1; killed <= commits; killed++) {
      bringBack(dir.resolve("left-" + killed));
      assertThat(commits(lake.root())).as("what commit " + killed + " left").hasSize(killed);
      endsLike(undisturbed, source, "killed after commit " + killed + " of " + commits);
    }

    Random random = Rounds.random(KilledRunTest.class);
    for (int round = 0; round < Rounds.of(1); round++) {
      int killed = 1 + random.nextInt(commits);
      FileUtils.deleteDirectory(lake.root().toFile());
      killAfter(killed, source);
      endsLike(undisturbed, source, "SIGKILL after commit " + killed + " of " + commits);
      assertThat(lake.reconcile().balances()).isTrue();
    }
  }

  @Test
  void incrementKilledAfterEveryCommitEndsInTheContentOfAnUndisturbedOne() throws Exception {
    Path source = dir.resolve("data/increment");
    lake.run("first", dir.resolve("data/orders"));
    int before = commits(lake.root()).size();

    int commits = runStoppedAfterEveryCommit(source);

    assertThat(commits).isGreaterThanOrEqualTo(3);
    assertThat(commits(lake.root())).hasSize(before + commits);
    Map<String, List<String>> undisturbed = content();
    assertThat(lake.reconcile().balances()).isTrue();
    for (int killed = 1; killed <= commits; killed++) {
      bringBack(dir.resolve("left-" + killed));
      assertThat(commits(lake.root()))
          .as("what commit " + killed + " left")
          .hasSize(before + killed);
      endsLike(undisturbed, source, "killed after commit " + killed + " of " + commits);
    }
  }

  /** Runs the job to its end, copying what each commit left; returns how many there were. */
  private int runStoppedAfterEveryCommit(Path source) throws Exception {
    Path meeting = Files.createDirectory(dir.resolve("meeting"));
    Path log = dir.resolve("run.log");
    Process run = start(source, meeting, log);
    try {
      int commits = 0;
      while (commitsAgain(run, meeting, commits + 1, log)) {
        commits++;
        signal(run, "STOP");
        FileUtils.copyDirectory(lake.root().toFile(), dir.resolve("left-" + commits).toFile());
        signal(run, "CONT");
        Files.createFile(WatchedCommits.seen(meeting, commits));
      }
      assertThat(run.exitValue()).as(tail(log)).isEqualTo(ExitCode.DONE);
      return commits;
    } finally {
      run.destroyForcibly();
    }
  }

  private void killAfter(int commits, Path source) throws Exception {
    Path meeting = Files.createTempDirectory(dir, "meeting");
    Path log = dir.resolve("killed.log");
    Process run = start(source, meeting, log);
    try {
      for (int commit = 1; commit <= commits; commit++) {
        assertThat(commitsAgain(run, meeting, commit, log)).as(tail(log)).isTrue();
        if (commit < commits) {
          Files.createFile(WatchedCommits.seen(meeting, commit));
        }
      }
    } finally {
      run.destroyForcibly();
    }
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).isEqualTo(128 + 9);
  }

  /** Waits for a commit or the end of the process; returns whether it was the commit. */
  private static boolean commitsAgain(Process run, Path meeting, int commit, Path log)
      throws InterruptedException {
    Instant latest = Instant.now().plus(LONGEST_WAIT);
    while (!Files.exists(WatchedCommits.committed(meeting, commit))) {
      if (run.waitFor(5, TimeUnit.MILLISECONDS)) {
        return Files.exists(WatchedCommits.committed(meeting, commit));
      }
      assertThat(Instant.now()).as("it neither commits nor ends: " + tail(log)).isBefore(latest);
    }
    return true;
  }

  /** Sends a signal and waits until it has its effect. */
  private static void signal(Process run, String signal) throws Exception {
    String pid = Long.toString(run.pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor())
        .isZero();
    boolean stopped = signal.equals("STOP");
    Instant latest = Instant.now().plus(LONGEST_WAIT);
    while (isStopped(pid) != stopped) {
      assertThat(Instant.now()).as("SIG" + signal + " has no effect").isBefore(latest);
      Thread.sleep(5);
    }
  }

  private static boolean isStopped(String pid) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", pid).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .strip()
        .startsWith("T");
  }

  /** Puts back what a commit left, in the place it was made in. */
  private void bringBack(Path left) throws IOException {
    FileUtils.deleteDirectory(lake.root().toFile());
    Files.move(left, lake.root());
  }

  private void endsLike(Map<String, List<String>> undisturbed, Path source, String what) {
    DeltaLog.clearCache();
    lake.run("again", source);
    content()
        .forEach(
            (table, rows) ->
                assertThat(rows)
                    .as(what + ": " + table)
                    .isNotEmpty()
                    .isEqualTo(undisturbed.get(table)));
  }

  private Process start(Path source, Path meeting, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m",
            "-XX:+UseParallelGC",
            "-Duser.timezone=UTC",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.sql.shuffle.partitions=2",
            "-Dspark.sql.adaptive.enabled=false",
            "-Dspark.databricks.delta.snapshotPartitions=1",
            "-D" + WatchedCommits.FOLDER + "=" + meeting,
            "-Dlog4j2.configurationFile="
                + TestLake.REPOSITORY.resolve("conf/log4j2.properties").toUri(),
            "-Dmedallion.root=" + TestLake.REPOSITORY,
            "-cp",
            System.getProperty("java.class.path"),
            WatchedRun.class.getName(),
            "--lake",
            lake.root().toString(),
            "--source",
            source.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    File output = log.toFile();
    return builder.redirectErrorStream(true).redirectOutput(output).start();
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every commit of every table. */
  private static Set<String> commits(Path lake) throws IOException {
    try (Stream<Path> files = Files.walk(lake)) {
      return files
          .map(file -> lake.relativize(file).toString())
          .filter(file -> file.matches("\\w+/\\w+/_delta_log/\\d{20}\\.json"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Rows of every table, and the accounts of every file: what reconciling adds up. */
  private Map<String, List<String>> content() {
    SparkSession spark = LocalSession.shared();
    Lake tables = new Lake(lake.location());
    Map<String, List<String>> content = new TreeMap<>();
    LEFT_OUT.forEach(
        (name, leftOut) -> {
          String[] parts = name.split("\\.");
          Lake.Layer layer = Lake.Layer.valueOf(parts[0].toUpperCase(Locale.ROOT));
          content.put(name, sorted(tables.table(spark, layer, parts[1]).read().drop(leftOut)));
        });
    content.put(
        "accounts",
        sorted(
            tables
                .table(spark, Lake.Layer.OPS, "runs")
                .read()
                .where("job = 'silver'")
                .selectExpr("inline(accounts)")
                .groupBy("file_id")
                .sum("records", "accepted", "duplicates", "superseded", "quarantined")));
    return content;
  }

  private static List<String> sorted(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(
            row ->
                IntStream.range(0, row.size())
                    .mapToObj(i -> RowPrinter.text(row.get(i)))
                    .collect(Collectors.joining("|")))
        .sorted()
        .toList();
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.testkit.LocalSession;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job as a process of its own, killed after each of its commits: the first start after its
 * first, the second after its second, until one is done before it is killed.
 */
@Tag("slow")
class KilledRunTest {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  @TempDir Path dir;

  @BeforeEach
  void generateOrders() throws IOException {
    OrderGenerator.generate(
        GeneratorOptions.of(100, dir.resolve("data"))
            .withSeed(3)
            .withFaultRate(0.05)
            .withIncrementPercent(10));
  }

  @Test
  void firstRunKilledAfterEveryCommitEndsInTheContentOfAnUndisturbedOne() throws Exception {
    TestLake killed = new TestLake(dir.resolve("killed"));
    int kills = runKilledAfterEveryCommit(killed, dir.resolve("data/orders"));
    TestLake undisturbed = new TestLake(dir.resolve("undisturbed"));
    undisturbed.run("undisturbed", dir.resolve("data/orders"));
    assertThat(kills).isGreaterThanOrEqualTo(6);
    holdsTheSame(killed, undisturbed);
  }

  @Test
  void incrementKilledAfterEveryCommitEndsInTheContentOfAnUndisturbedOne() throws Exception {
    TestLake killed = new TestLake(dir.resolve("killed"));
    TestLake undisturbed = new TestLake(dir.resolve("undisturbed"));
    killed.run("first", dir.resolve("data/orders"));
    undisturbed.run("first", dir.resolve("data/orders"));
    undisturbed.run("increment", dir.resolve("data/increment"));
    int kills = runKilledAfterEveryCommit(killed, dir.resolve("data/increment"));
    assertThat(kills).isGreaterThanOrEqualTo(3);
    holdsTheSame(killed, undisturbed);
  }

  /** How often the process was killed until it was done. */
  private int runKilledAfterEveryCommit(TestLake lake, Path source) throws Exception {
    int kills = 0;
    while (true) {
      Set<Path> before = commits(lake.root());
      Path log = dir.resolve("run-" + kills + ".log");
      Process run = start(lake.root(), source, log);
      try {
        Instant latest = Instant.now().plus(LONGEST_START);
        while (run.isAlive() && commits(lake.root()).size() <= before.size() + kills) {
          assertThat(Instant.now())
              .as("it neither commits nor ends: " + tail(log))
              .isBefore(latest);
          Thread.sleep(5);
        }
      } finally {
        run.destroyForcibly();
      }
      assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
      if (run.exitValue() != 128 + 9) {
        assertThat(run.exitValue()).as(tail(log)).isEqualTo(ExitCode.DONE);
        return kills;
      }
      kills++;
    }
  }

  private static Process start(Path lake, Path source, Path log) throws IOException {
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
            "-Dlog4j2.configurationFile="
                + TestLake.REPOSITORY.resolve("conf/log4j2.properties").toUri(),
            "-Dmedallion.root=" + TestLake.REPOSITORY,
            "-cp",
            System.getProperty("java.class.path"),
            RunJob.class.getName(),
            "--lake",
            lake.toString(),
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
  private static Set<Path> commits(Path lake) throws IOException {
    Set<Path> commits = new TreeSet<>();
    if (!Files.isDirectory(lake)) {
      return commits;
    }
    for (String layer : List.of("bronze", "silver", "gold", "ops")) {
      Path folder = lake.resolve(layer);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> tables = Files.list(folder)) {
        for (Path table : tables.toList()) {
          Path log = table.resolve("_delta_log");
          if (Files.isDirectory(log)) {
            try (Stream<Path> files = Files.list(log)) {
              commits.addAll(
                  files
                      .filter(f -> f.getFileName().toString().matches("\\d{20}\\.json"))
                      .collect(Collectors.toSet()));
            }
          }
        }
      }
    }
    return commits;
  }

  private static String select(TestLake lake, String table, Set<String> leftOut) {
    return Stream.of(
            new Lake(lake.location())
                .table(LocalSession.shared(), Lake.Layer.SILVER, table)
                .schema()
                .fieldNames())
        .filter(column -> !leftOut.contains(column))
        .collect(Collectors.joining(", ", "SELECT ", " FROM silver." + table));
  }

  /** Rows, and accounts: everything but what tells of runs and of when they were. */
  private static void holdsTheSame(TestLake killed, TestLake undisturbed) {
    for (String sql :
        List.of(
            select(undisturbed, "sales_orders", Set.of("_landing_seq")),
            select(undisturbed, "quarantine", Set.of("landing_seq", "batch_id", "quarantined_at")),
            "SELECT * FROM gold.dim_customer",
            "SELECT * FROM gold.dim_product",
            "SELECT * FROM gold.dim_store",
            "SELECT * FROM gold.dim_date",
            "SELECT * FROM gold.fact_sales",
            "SELECT a.file_id, sum(a.records), sum(a.accepted), sum(a.duplicates), sum(a.superseded),"
                + " sum(a.quarantined) FROM (SELECT explode(accounts) AS a FROM ops.runs WHERE job = 'silver')"
                + " GROUP BY 1")) {
      assertThat(killed.query(sql))
          .as(sql)
          .containsExactlyInAnyOrderElementsOf(undisturbed.query(sql));
    }
    assertThat(killed.reconcile().balances()).isTrue();
  }
}

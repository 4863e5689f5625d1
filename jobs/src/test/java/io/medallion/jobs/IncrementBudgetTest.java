package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.pipeline.FilePipeline;
import io.medallion.testkit.LocalSession;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a small increment may cost, through all layers and into DuckDB. Most of the time of one is
 * what each job and each commit costs, whatever it does. The numbers stand in
 * docs/explanation/performance.md.
 */
@Tag("slow")
class IncrementBudgetTest {
  private static final int JOBS = 15;

  /** One for each table that changes, one for the results of checks, one of the ledger a layer. */
  private static final int COMMITS = 13;

  private static final int JOBS_OF_NOTHING_NEW = 4;

  @TempDir Path dir;

  @Test
  void aSmallIncrementKeepsToItsJobsAndCommits() throws Exception {
    OrderGenerator.generate(
        GeneratorOptions.of(300, dir.resolve("data")).withSeed(3).withIncrementPercent(10));
    TestLake lake = new TestLake(dir.resolve("lake"));
    run(lake, "orders");
    Set<String> before = commits(lake);

    List<String> jobs = run(lake, "increment");
    Set<String> after = commits(lake);
    after.removeAll(before);

    assertThat(jobs).as(String.join("\n", jobs)).hasSizeLessThanOrEqualTo(JOBS);
    assertThat(after).as(after.toString()).hasSizeBetween(3, COMMITS);

    List<String> ofNothing = run(lake, "increment");

    assertThat(ofNothing)
        .as(String.join("\n", ofNothing))
        .hasSizeLessThanOrEqualTo(JOBS_OF_NOTHING_NEW);
    Set<String> none = commits(lake);
    none.removeAll(before);
    assertThat(none).isEqualTo(after);
  }

  /** Runs the main job; returns where each of its Spark jobs was started. */
  private List<String> run(TestLake lake, String source) throws Exception {
    SparkSession spark = LocalSession.shared();
    List<String> jobs = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            if (job.stageInfos().nonEmpty()) { // of no rows there is nothing to run
              jobs.add(job.stageInfos().last().name());
            }
          }
        };
    spark.sparkContext().addSparkListener(listener);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    try (Warehouse warehouse =
        new DuckDbWarehouse(spark, lake.open("w").lake(), dir.resolve("warehouse.duckdb"))) {
      Lakehouse lakehouse = lake.open("run-" + source);
      FilePipeline.run(
          lakehouse,
          "sales_orders",
          List.of(dir.resolve("data").resolve(source).toString()),
          lakehouse.configuration().stars().fedBy("sales_orders"),
          Optional.of(warehouse),
          new Report(new Console(nowhere, nowhere)));
      spark.sparkContext().listenerBus().waitUntilEmpty(60_000);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    return jobs;
  }

  private static Set<String> commits(TestLake lake) throws IOException {
    try (Stream<Path> files = Files.walk(lake.root())) {
      return files
          .map(file -> lake.root().relativize(file).toString())
          .filter(file -> file.matches("\\w+/\\w+/_delta_log/\\d{20}\\.json"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}

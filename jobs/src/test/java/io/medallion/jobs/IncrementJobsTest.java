package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a small increment asks of Spark and Delta in bronze and silver: counted, not timed. */
class IncrementJobsTest {
  private static final String HEADER =
      "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,City,State,"
          + "Country,Postal Code,Market,Region,Product ID,Category,Sub-Category,Product"
          + " Name,Sales,Quantity,Discount,Profit,Shipping Cost,Order Priority\n";

  private final SparkSession spark = LocalSession.shared();
  @TempDir Path dir;
  private final List<String> sites = new CopyOnWriteArrayList<>();

  /** Jobs, SQL executions and commits by table of one piece of work. */
  private record Cost(int jobs, int executions, Map<String, Long> commits) {}

  @Test
  void aSmallIncrementStaysWithinItsBudget() throws Exception {
    TestLake lake = new TestLake(dir.resolve("lake"));
    land(lake.open("first"), "first.csv", 0, 60, "n");
    silver(lake.open("first"));
    land(lake.open("second"), "second.csv", 60, 70, "n");
    silver(lake.open("second"));
    write("third.csv", 55, 100, "changed");
    // As another process finds the lake.
    DeltaLog.clearCache();
    Lakehouse third = lake.open("third");

    Cost bronze = cost(third, () -> third.bronze("sales_orders").land(source("third.csv")));
    Cost silver = cost(third, () -> silver(third));
    Lakehouse fourth = lake.open("fourth");
    Cost nothing =
        cost(
            fourth,
            () -> {
              fourth.bronze("sales_orders").land(source("third.csv"));
              silver(fourth);
            });

    String where = String.join("\n", sites);
    assertThat(bronze)
        .as(where)
        .isEqualTo(new Cost(1, 1, Map.of("bronze.manifest", 1L, "ops.runs", 1L)));
    assertThat(silver)
        .as(where)
        .isEqualTo(
            new Cost(
                4, 4, Map.of("silver.sales_orders", 1L, "silver.quarantine", 1L, "ops.runs", 1L)));
    assertThat(nothing).as(where).isEqualTo(new Cost(2, 2, Map.of()));
    assertThat(third.lake().table(spark, Lake.Layer.SILVER, "sales_orders").read().count())
        .isEqualTo(97);
  }

  private static void silver(Lakehouse lakehouse) {
    Contract contract = lakehouse.configuration().contractOfFeed("sales_orders");
    lakehouse.silver(contract).run();
  }

  private void land(Lakehouse lakehouse, String name, int from, int to, String product)
      throws IOException {
    write(name, from, to, product);
    lakehouse.bronze("sales_orders").land(source(name));
  }

  private List<String> source(String name) {
    return List.of(dir.resolve(name).toString());
  }

  /** Lines with these numbers, each of a key of its own; every 20th breaks a rule. */
  private void write(String name, int from, int to, String product) throws IOException {
    StringBuilder lines = new StringBuilder(HEADER);
    IntStream.range(from, to)
        .forEach(
            i ->
                lines.append(
                    ("%d,A-%d,2024-01-02,,%s Class,C-1,Ann"
                            + " Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-2,Technology,Phones,%s,2.50,2,0,0.5,1,High\n")
                        .formatted(i, i, i % 33 == 32 ? "No" : "First", product)));
    Files.writeString(dir.resolve(name), lines);
  }

  private Cost cost(Lakehouse lakehouse, Runnable work) throws Exception {
    Map<String, Long> before = versions(lakehouse);
    AtomicInteger jobs = new AtomicInteger();
    AtomicInteger executions = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }

          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionStart start) {
              executions.incrementAndGet();
              sites.add(start.description() + " " + start.details());
            }
          }
        };
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().addSparkListener(counter);
    try {
      work.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
    Map<String, Long> commits = new TreeMap<>();
    versions(lakehouse)
        .forEach(
            (table, version) -> {
              long made = version - before.get(table);
              if (made > 0) {
                commits.put(table, made);
              }
            });
    return new Cost(jobs.get(), executions.get(), commits);
  }

  private Map<String, Long> versions(Lakehouse lakehouse) {
    Lake lake = lakehouse.lake();
    Map<String, Long> versions = new TreeMap<>();
    Stream.of(
            lake.manifest(spark),
            lake.table(spark, Lake.Layer.SILVER, "sales_orders"),
            lake.quarantine(spark),
            lake.table(spark, Lake.Layer.OPS, "runs"))
        .forEach((LakeTable table) -> versions.put(table.qualifiedName(), table.version()));
    return versions;
  }
}

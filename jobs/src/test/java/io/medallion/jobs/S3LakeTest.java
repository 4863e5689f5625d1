package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.core.s3.S3Requests;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.gold.star.Star;
import io.medallion.jobs.inspect.LakeStatus;
import io.medallion.jobs.inspect.Quarantined;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.inspect.Trace;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.silver.QuarantineFilter;
import io.medallion.testkit.RowTexts;
import io.medallion.testkit.s3.Fault;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with lake, sources and checkpoints on S3, against the local file system's. */
@Tag("slow")
class S3LakeTest {
  @TempDir static Path dir;
  private static TestLake local;

  @BeforeAll
  static void fillALocalLake() throws IOException {
    OrderGenerator.generate(
        GeneratorOptions.of(120, dir.resolve("data"))
            .withSeed(5)
            .withFaultRate(0.05)
            .withIncrementPercent(10));
    local = new TestLake(dir.resolve("lake"));
    local.run("first", dir.resolve("data/orders"), dir.resolve("data/rejected-samples"));
    local.run("second", dir.resolve("data/increment"));
  }

  private static void runOn(S3Bucket bucket) throws IOException {
    String orders = bucket.upload(dir.resolve("data/orders"), "drop/orders");
    String rejected = bucket.upload(dir.resolve("data/rejected-samples"), "drop/rejected-samples");
    bucket.upload(dir.resolve("data/increment"), "drop/increment");
    bucket.lake().run("first", List.of(orders, rejected));
    bucket.lake().run("second", List.of(bucket.uri("drop/incr*/*")));
  }

  @Test
  void everyTableIsReadWithoutSparkAsSparkReadsIt() {
    LakeReader reader = local.open("look").readOnly().reader();
    List<String> seen = new ArrayList<>();
    for (Lake.Layer layer : Lake.Layer.values()) {
      for (String name : reader.names(layer)) {
        LakeTable table = local.table(layer.folder() + "." + name);
        TableSnapshot snapshot = reader.table(layer, name).latest().orElseThrow();
        List<String> rows = new ArrayList<>();
        try (RowStream stream = snapshot.rows(Bounds.NONE)) {
          stream.forEachRemaining(row -> rows.add(text(row)));
        }
        rows.sort(null);
        assertThat(rows).as(name).isNotEmpty().isEqualTo(RowTexts.of(table.read()));
        assertThat(snapshot.size())
            .as(name)
            .isEqualTo(
                new TableSnapshot.Size(
                    table.read().count(), table.size().files(), table.size().bytes()));
        assertThat(snapshot.version()).isEqualTo(table.version());
        seen.add(layer.folder() + "." + name);
      }
    }
    assertThat(seen)
        .contains(
            "bronze.manifest",
            "silver.sales_orders",
            "silver.quarantine",
            "gold.dim_customer",
            "gold.fact_sales",
            "ops.runs",
            "ops.check_results");
  }

  /** As {@link RowTexts} writes rows of Spark. */
  private static String text(LakeRow row) {
    return String.join(
        "|", row.columns().stream().map(name -> name + "=" + text(row.value(name))).toList());
  }

  private static String text(Object value) {
    if (value instanceof LakeRow row) {
      return "(" + text(row) + ")";
    } else if (value instanceof List<?> list) {
      return list.stream().map(element -> text((Object) element)).toList().toString();
    }
    return RowTexts.of(value);
  }

  @Test
  void equalsTheLocalLakeRowForRowAndRunningAgainCommitsNothing() throws IOException {
    try (S3Bucket bucket = S3Bucket.open()) {
      S3Requests.toBook();
      runOn(bucket);
      Map<RequestKind, Long> sent = bucket.proxy().requests();
      // No rename, which S3 does not have: neither of checkpoints nor of anything else.
      assertThat(sent).doesNotContainKey(RequestKind.COPY);
      requestsAreBooked(bucket.lake(), sent);
      LakeContent.isTheSame(bucket.lake(), local);
      looksAskLittleAndTellTheSame(bucket);
      TreeMap<String, Long> versions = bucket.lake().versions();
      bucket.lake().run("again", List.of(bucket.uri("drop/increment")));
      assertThat(bucket.lake().versions()).isEqualTo(versions);
    }
  }

  /** What a command that only looks asks of S3, of a lake with two runs, and that it is right. */
  private static void looksAskLittleAndTellTheSame(S3Bucket bucket) throws IOException {
    Contract contract = local.open("look").configuration().contracts().byTable("sales_orders");
    asks(bucket, "status", 300, lake -> LakeStatus.of(lake).tables());
    asks(
        bucket,
        "reconcile",
        230,
        lake -> Reconciliation.of(lake, contract, Optional.empty()).lines());
    asks(
        bucket,
        "reconcile --scan",
        270,
        lake -> Reconciliation.scanned(lake, contract, Optional.empty()).lines());
    asks(
        bucket,
        "quarantine list",
        60,
        lake ->
            Quarantined.of(lake.reader(), contract, QuarantineFilter.all())
                .orElseThrow()
                .byRule(1000)
                .stream()
                .map(row -> row.subList(0, 3))
                .toList());
    Star star = local.open("look").configuration().stars().byName("sales");
    asks(bucket, "trace", 240, lake -> traced(lake, star));
  }

  private static List<String> traced(ReadOnlyLakehouse lake, Star star) {
    try {
      return Trace.find(lake, star, Map.of("row_id", "1")).stream().map(Trace::rawText).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void asks(
      S3Bucket bucket, String command, int most, Function<ReadOnlyLakehouse, List<?>> look) {
    bucket.proxy().reset();
    List<?> told = look.apply(bucket.lake().open("look").readOnly());
    long asked = S3IncrementCost.total(bucket.proxy().requests());
    assertThat(told).as(command).isNotEmpty();
    if (!command.equals("status")) {
      assertThat(told).as(command).isEqualTo(look.apply(local.open("look").readOnly()));
    }
    assertThat(asked)
        .as(command + " asks " + bucket.proxy().requests())
        .isPositive()
        .isLessThanOrEqualTo(most);
  }

  /** All but those of the last commits, after which there is no entry. */
  private static void requestsAreBooked(TestLake lake, Map<RequestKind, Long> sent) {
    List<List<String>> booked =
        lake.query(
            "SELECT kind, sum(n) FROM ops.runs LATERAL VIEW explode(s3_requests) r AS kind, n GROUP BY kind");
    assertThat(booked).extracting(row -> row.get(0)).contains("get", "head", "list", "put");
    for (List<String> kind : booked) {
      long all = sent.get(RequestKind.valueOf(kind.get(0).toUpperCase(Locale.ROOT)));
      long least = kind.get(0).equals("delete") ? 1 : all * 8 / 10;
      assertThat(Long.parseLong(kind.get(1))).as(kind.get(0)).isBetween(least, all);
    }
  }

  @Test
  void equalsTheLocalLakeThoughOneRequestInTwentyBreaks() throws IOException {
    try (S3Bucket bucket = S3Bucket.open()) {
      bucket.proxy().breakAtRandom(7, 0.05);
      runOn(bucket);
      Map<Fault, Long> faults = bucket.proxy().faults();
      bucket.proxy().breakAtRandom(7, 0);
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(faults.values()).allMatch(times -> times >= 3);
      LakeContent.isTheSame(bucket.lake(), local);
    }
  }
}

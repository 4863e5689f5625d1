package io.medallion.jobs.inspect;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.streaming.StreamBatches;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * The state of a lake, read from its tables.
 *
 * @param lake where it is
 * @param at when it was looked at
 */
public record LakeStatus(
    String lake,
    Instant at,
    List<FeedStatus> feeds,
    List<StreamStatus> streams,
    List<RunStatus> runs,
    List<CheckStatus> failedChecks,
    List<TableStatus> tables) {

  /**
   * A feed that something landed of.
   *
   * @param kind {@code files} or {@code topic}
   * @param landings files, or batches of a topic's partitions
   * @param rejected files that were kept aside
   * @param pending records that landed and that silver has not processed
   */
  public record FeedStatus(
      String feed,
      String kind,
      long landings,
      long records,
      long rejected,
      long pending,
      Instant lastLandedAt) {}

  /**
   * A stream's last batch.
   *
   * @param lag how old the newest event was that had gone through, where the stream was behind
   * @param latency from Kafka's timestamp of the batch's oldest event to the commit
   */
  public record StreamStatus(
      String layer,
      String subject,
      long batch,
      Instant finishedAt,
      long records,
      double recordsPerSecond,
      Duration duration,
      long lagRecords,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Duration> lag,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Duration> latency) {}

  /** The last entry of a job in the ledger. */
  public record RunStatus(
      String job,
      String subject,
      long batch,
      Instant finishedAt,
      Duration duration,
      long records,
      long accepted,
      long quarantined) {}

  /** A check that the star's last build failed. */
  public record CheckStatus(
      String star, String check, String table, String severity, long violations) {}

  /** A table of the lake. */
  public record TableStatus(String table, long rows, long files, long bytes, long version) {}

  public LakeStatus {
    feeds = List.copyOf(feeds);
    streams = List.copyOf(streams);
    runs = List.copyOf(runs);
    failedChecks = List.copyOf(failedChecks);
    tables = List.copyOf(tables);
  }

  /** Whether a star's last build breached the quality gate. */
  public boolean breached() {
    return failedChecks.stream().anyMatch(check -> check.severity().equals("error"));
  }

  public static LakeStatus of(Lakehouse lakehouse) {
    SparkSession spark = lakehouse.spark();
    Lake lake = lakehouse.lake();
    return new LakeStatus(
        lake.root(),
        lakehouse.clock().instant(),
        feeds(lakehouse),
        new StreamBatches(spark, lake).latest().stream().map(LakeStatus::stream).toList(),
        runs(lakehouse.ledger().table()),
        checks(lakehouse),
        tables(spark, lake));
  }

  private static List<FeedStatus> feeds(Lakehouse lakehouse) {
    LakeTable manifest = lakehouse.lake().manifest(lakehouse.spark());
    if (!manifest.exists()) {
      return List.of();
    }
    Map<String, Long> pending = new HashMap<>();
    List<String> topics = new ArrayList<>();
    for (Contract contract : lakehouse.fedContracts()) {
      for (ManifestFile file : Reconciliation.pendingFiles(lakehouse, contract)) {
        pending.merge(file.feed(), file.recordCount(), Long::sum);
      }
      contract.feeds().stream()
          .filter(feed -> feed.topic().isPresent())
          .map(Feed::name)
          .forEach(topics::add);
    }
    var landed = col("status").equalTo(Manifest.LANDED);
    return manifest
        .read()
        .groupBy("feed")
        .agg(
            count_if(landed),
            coalesce(sum(when(landed, col("record_count"))), lit(0L)),
            count(lit(1)),
            max("landed_at"))
        .orderBy("feed")
        .collectAsList()
        .stream()
        .map(
            row ->
                new FeedStatus(
                    row.getString(0),
                    topics.contains(row.getString(0)) ? "topic" : "files",
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3) - row.getLong(1),
                    pending.getOrDefault(row.getString(0), 0L),
                    instant(row.get(4))))
        .toList();
  }

  private static StreamStatus stream(Row row) {
    return new StreamStatus(
        row.getAs("layer"),
        row.getAs("subject"),
        row.getAs("stream_batch"),
        instant(row.getAs("finished_at")),
        row.getAs("records"),
        row.getAs("records_per_second"),
        Duration.ofMillis(row.getAs("duration_ms")),
        row.getAs("lag_records"),
        Optional.<Long>ofNullable(row.getAs("lag_ms")).map(Duration::ofMillis),
        Optional.<Long>ofNullable(row.getAs("longest_latency_ms")).map(Duration::ofMillis));
  }

  private static List<RunStatus> runs(LakeTable ledger) {
    if (!ledger.exists()) {
      return List.of();
    }
    Dataset<Row> last =
        ledger
            .read()
            .drop("accounts")
            .withColumn(
                "newest_first",
                row_number()
                    .over(Window.partitionBy("job", "subject").orderBy(col("batch_id").desc())))
            .where("newest_first = 1");
    return last.orderBy(col("finished_at").desc()).collectAsList().stream()
        .map(
            row -> {
              String job = row.getAs("job");
              boolean bySilver = job.equals("silver") || job.equals("replay");
              return new RunStatus(
                  job,
                  row.getAs("subject"),
                  row.getAs("batch_id"),
                  instant(row.getAs("finished_at")),
                  Duration.ofMillis(row.getAs("duration_ms")),
                  bySilver ? row.<Long>getAs("records") : row.<Long>getAs("rows_in"),
                  row.getAs("accepted"),
                  row.getAs("quarantined"));
            })
        .toList();
  }

  private static List<CheckStatus> checks(Lakehouse lakehouse) {
    CheckResults results = new CheckResults(lakehouse.spark(), lakehouse.lake());
    List<CheckStatus> failed = new ArrayList<>();
    for (Star star : lakehouse.configuration().stars().all()) {
      for (CheckResult check : results.latest(star.name())) {
        if (!check.passed()) {
          failed.add(
              new CheckStatus(
                  star.name(),
                  check.check(),
                  check.table(),
                  check.severity().name().toLowerCase(Locale.ROOT),
                  check.violations()));
        }
      }
    }
    return failed;
  }

  private static List<TableStatus> tables(SparkSession spark, Lake lake) {
    LakeCatalog catalog = new LakeCatalog(spark, lake);
    List<TableStatus> tables = new ArrayList<>();
    for (Lake.Layer layer : Lake.Layer.values()) {
      for (String name : catalog.names(layer).stream().sorted().toList()) {
        LakeTable table = lake.table(spark, layer, name);
        LakeTable.Size size = table.size();
        tables.add(
            new TableStatus(
                table.qualifiedName(),
                table.read().count(),
                size.files(),
                size.bytes(),
                table.version()));
      }
    }
    return tables;
  }

  private static Instant instant(Object value) {
    return value instanceof Instant instant ? instant : ((Timestamp) value).toInstant();
  }
}

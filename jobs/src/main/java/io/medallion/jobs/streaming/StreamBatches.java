package io.medallion.jobs.streaming;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code ops.stream_batches}: what was seen of every batch of every stream. */
public final class StreamBatches {
  /** Columns of the table. */
  static final StructType SCHEMA =
      new StructType()
          .add("run_id", StringType, false)
          .add("layer", StringType, false)
          .add("subject", StringType, false)
          .add("stream_id", StringType, false)
          .add("stream_batch", LongType, false)
          .add("started_at", TimestampType, false)
          .add("finished_at", TimestampType, false)
          .add("records", LongType, false)
          .add("records_per_second", DoubleType, false)
          .add("duration_ms", LongType, false)
          .add("phases_ms", DataTypes.createMapType(StringType, LongType, false), false)
          .add("lag_records", LongType, false)
          .add("lag_ms", LongType, true)
          .add("longest_latency_ms", LongType, true)
          .add("shortest_latency_ms", LongType, true);

  private static final String NAME = "stream_batches";

  private final LakeTable table;

  public StreamBatches(SparkSession spark, Lake lake) {
    this.table = lake.table(spark, Lake.Layer.OPS, NAME);
  }

  LakeTable table() {
    return table;
  }

  /** Appends in one commit. */
  void append(String runId, List<BatchMetrics> batches) {
    table
        .spark()
        .createDataFrame(batches.stream().map(b -> row(runId, b)).toList(), SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option(LakeTable.SKIPPING_COLUMNS, "layer,subject,finished_at")
        .save(table.path());
  }

  private static Row row(String runId, BatchMetrics batch) {
    return RowFactory.create(
        runId,
        batch.layer(),
        batch.subject(),
        batch.streamId(),
        batch.batch(),
        Timestamp.from(batch.startedAt()),
        Timestamp.from(batch.finishedAt()),
        batch.records(),
        batch.recordsPerSecond(),
        batch.duration().toMillis(),
        batch.phases(),
        batch.lag().records(),
        millis(batch.lag().time()),
        millis(batch.longestLatency()),
        millis(batch.shortestLatency()));
  }

  private static Long millis(Optional<Duration> duration) {
    return duration.map(Duration::toMillis).orElse(null);
  }

  /** The last batch of each stream, as rows of the table, by layer and subject. */
  public static List<LakeRow> latest(LakeReader lake) {
    Map<List<String>, LakeRow> latest = new HashMap<>();
    Optional<TableSnapshot> batches = lake.table(Lake.Layer.OPS, NAME).latest();
    if (batches.isPresent()) {
      try (RowStream rows = batches.get().rows(Bounds.NONE)) {
        while (rows.hasNext()) {
          LakeRow row = rows.next();
          List<String> stream = List.of(row.text("layer"), row.text("subject"));
          LakeRow known = latest.get(stream);
          if (known == null || known.instant("finished_at").isBefore(row.instant("finished_at"))) {
            latest.put(stream, row.copy());
          }
        }
      }
    }
    List<LakeRow> byName = new ArrayList<>(latest.values());
    byName.sort(
        Comparator.comparing((LakeRow row) -> row.text("layer"))
            .thenComparing(row -> row.text("subject")));
    return byName;
  }
}

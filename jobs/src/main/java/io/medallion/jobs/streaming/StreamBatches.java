package io.medallion.jobs.streaming;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
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

  private final LakeTable table;

  public StreamBatches(SparkSession spark, Lake lake) {
    this.table = lake.table(spark, Lake.Layer.OPS, "stream_batches");
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

  /** The last batch of each stream. */
  public List<Row> latest() {
    if (!table.exists()) {
      return List.of();
    }
    return table
        .read()
        .withColumn(
            "newest_first",
            row_number()
                .over(Window.partitionBy("layer", "subject").orderBy(col("finished_at").desc())))
        .where("newest_first = 1")
        .drop("newest_first")
        .orderBy("layer", "subject")
        .collectAsList();
  }
}

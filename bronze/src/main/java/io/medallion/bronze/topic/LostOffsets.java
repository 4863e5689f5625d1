package io.medallion.bronze.topic;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.TableReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Offsets that the broker no longer had when they were to be read: {@code ops.lost_offsets}.
 *
 * @param topicId of the topic that had them
 * @param from the first of them
 * @param until the offset after the last of them; absent where nobody knows how far the topic went
 * @param reason why they are gone
 */
public record LostOffsets(
    String topic, String topicId, int partition, long from, OptionalLong until, String reason) {

  private static final String NAME = "lost_offsets";

  /** {@code reason} where the broker removed events before they were read. */
  static final String EXPIRED = "the broker no longer has them";

  /** {@code reason} where another topic has taken the name. */
  static final String RECREATED = "the topic was deleted and made again";

  /** Columns of {@code ops.lost_offsets}. */
  public static final StructType SCHEMA =
      new StructType()
          .add("feed", StringType, false)
          .add("topic", StringType, false)
          .add("topic_id", StringType, false)
          .add("partition", IntegerType, false)
          .add("from_offset", LongType, false)
          .add("until_offset", LongType, true)
          .add("reason", StringType, false)
          .add("run_id", StringType, false)
          .add("found_at", TimestampType, false)
          .add("stream_id", StringType, false)
          .add("batch", LongType, false);

  /** The table of a lake. It need not exist. */
  public static LakeTable table(SparkSession spark, Lake lake) {
    return lake.table(spark, Lake.Layer.OPS, NAME);
  }

  /** The same for who only looks. */
  public static TableReader table(LakeReader lake) {
    return lake.table(Lake.Layer.OPS, NAME);
  }

  /** Writes what a batch found, in place of what it wrote when it was cut off before. */
  static void write(
      LakeTable table,
      String feed,
      List<LostOffsets> lost,
      String runId,
      Instant foundAt,
      String streamId,
      long batch) {
    if (lost.isEmpty()) {
      return;
    }
    table.createIfAbsent(SCHEMA, Map.of());
    List<Row> rows =
        lost.stream()
            .map(
                l ->
                    RowFactory.create(
                        feed,
                        l.topic,
                        l.topicId,
                        l.partition,
                        l.from,
                        l.until.isPresent() ? l.until.getAsLong() : null,
                        l.reason,
                        runId,
                        java.sql.Timestamp.from(foundAt),
                        streamId,
                        batch))
            .toList();
    String sameBatch =
        "feed = '%s' AND topic_id = '%s' AND stream_id = '%s' AND batch = %d"
            .formatted(feed, lost.get(0).topicId, streamId, batch);
    table
        .spark()
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", sameBatch)
        .save(table.path());
  }

  @Override
  public String toString() {
    return topic
        + "/"
        + partition
        + " offsets "
        + from
        + (until.isPresent() ? " to " + (until.getAsLong() - 1) : " and after")
        + ": "
        + reason;
  }
}

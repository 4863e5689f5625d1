package io.medallion.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * What the stream is held against: Kafka, Spark's own JSON, one append to a Delta table. It checks,
 * de-duplicates, deletes and accounts for nothing.
 *
 * <p>Arguments: bootstrap servers, topic, events per batch, and a folder. Prints events per second
 * from the end of the first batch, in which everything is still cold, to the end of the last.
 */
public final class BareKafkaJob {
  private static final String COLUMNS =
      "op STRING, row_id BIGINT, order_id STRING, order_date DATE, ship_date DATE, ship_mode STRING,"
          + " customer_id STRING, customer_name STRING, segment STRING, city STRING, state STRING,"
          + " country STRING, postal_code STRING, market STRING, region STRING, product_id STRING,"
          + " category STRING, sub_category STRING, product_name STRING, sales DECIMAL(18,5),"
          + " quantity BIGINT, discount DECIMAL(18,5), profit DECIMAL(18,5),"
          + " shipping_cost DECIMAL(18,5), order_priority STRING, updated_at TIMESTAMP";

  private BareKafkaJob() {}

  public static void main(String[] arguments) throws Exception {
    SparkSession spark = SparkSession.builder().appName("bare").getOrCreate();
    Dataset<Row> events =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", arguments[0])
            .option("subscribe", arguments[1])
            .option("startingOffsets", "earliest")
            .option("maxOffsetsPerTrigger", arguments[2])
            .load()
            .select(
                from_json(
                        col("value").cast("string"),
                        org.apache.spark.sql.types.StructType.fromDDL(COLUMNS))
                    .as("event"))
            .select("event.*");
    StreamingQuery query =
        events
            .writeStream()
            .format("delta")
            .option("checkpointLocation", arguments[3] + "/checkpoint")
            .trigger(Trigger.AvailableNow())
            .start(arguments[3] + "/table");
    query.awaitTermination();
    StreamingQueryProgress[] batches = query.recentProgress();
    long rows = 0;
    for (int i = 1; i < batches.length; i++) {
      rows += batches[i].numInputRows();
    }
    if (rows == 0) {
      throw new IllegalStateException("one batch tells nothing: send more events");
    }
    double seconds = (end(batches[batches.length - 1]) - end(batches[0])) / 1000.0;
    System.out.printf("%.0f%n", rows / seconds);
    spark.stop();
  }

  private static long end(StreamingQueryProgress batch) {
    return Instant.parse(batch.timestamp()).toEpochMilli()
        + batch.durationMs().get("triggerExecution");
  }
}

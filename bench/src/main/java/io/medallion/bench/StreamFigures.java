package io.medallion.bench;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a lake tells of the streams that filled it: events per second of each layer, and latency of
 * every single event from Kafka's timestamp to the commit of bronze and silver.
 *
 * <p>Arguments: the lake, the feed, the table that it fills, and, where events that warm it up came
 * before, the instant from which on events count for the latency.
 */
public final class StreamFigures {
  private StreamFigures() {}

  public static void main(String[] arguments) {
    SparkSession spark = SparkSession.builder().appName("figures").getOrCreate();
    String lake = arguments[0];
    register(spark, lake, "ops", "stream_batches");
    register(spark, lake, "ops", "runs");
    register(spark, lake, "bronze", "manifest");
    spark
        .read()
        .parquet(lake + "/bronze/" + arguments[1] + "/ingest_date=*/hour=*/*/*.parquet")
        .where("timestamp >= '" + (arguments.length > 3 ? arguments[3] : "1970-01-01") + "'")
        .selectExpr("partition", "offset", "timestamp", "value IS NULL AS tombstone")
        .createOrReplaceTempView("events");
    throughput(spark);
    spark.sql(committed(arguments[1], arguments[2])).persist().createOrReplaceTempView("committed");
    latency(spark);
    spark.stop();
  }

  private static void register(SparkSession spark, String lake, String layer, String table) {
    spark
        .read()
        .format("delta")
        .load(lake + "/" + layer + "/" + table)
        .createOrReplaceTempView(table);
  }

  /** From the end of the first batch, in which everything is still cold, to the end of the last. */
  private static void throughput(SparkSession spark) {
    for (Row row :
        spark
            .sql(
                """
                SELECT layer, sum(records) - min_by(records, finished_at) AS records,
                  (unix_millis(max(finished_at)) - unix_millis(min(finished_at))) / 1000.0 AS seconds
                FROM stream_batches WHERE records > 0 GROUP BY layer ORDER BY layer
                """)
            .collectAsList()) {
      double seconds = Double.parseDouble(String.valueOf(row.get(2)));
      print(
          "%-8s %8d events in %7.1f s  %8.0f events/s",
          row.getString(0), row.getLong(1), seconds, row.getLong(1) / Math.max(0.001, seconds));
    }
  }

  /** When each event was committed. Tombstones tell by their timestamp of something else. */
  private static String committed(String feed, String table) {
    return """
        WITH file AS (
          SELECT file_id, offsets.partition, offsets.first_offset, offsets.last_offset,
            offsets.stream_id, offsets.batch
          FROM manifest WHERE feed = '%s'),
        bronze AS (
          SELECT file.file_id, b.finished_at FROM file
          JOIN stream_batches b ON b.layer = 'bronze' AND b.stream_id = file.stream_id
            AND b.stream_batch = file.batch),
        silver AS (
          SELECT account.file_id, b.finished_at
          FROM (SELECT stream_id, stream_batch, explode(accounts) AS account FROM runs
                WHERE job = 'silver' AND subject = '%s' ) r
          JOIN stream_batches b ON b.layer = 'silver' AND b.stream_id = r.stream_id
            AND b.stream_batch = r.stream_batch
          WHERE account.records > 0)
        SELECT e.timestamp AS sent,
          (unix_millis(bronze.finished_at) - unix_millis(e.timestamp)) / 1000.0 AS bronze,
          (unix_millis(silver.finished_at) - unix_millis(e.timestamp)) / 1000.0 AS silver
        FROM events e
        JOIN file ON file.partition = e.partition
          AND e.offset BETWEEN file.first_offset AND file.last_offset
        JOIN bronze ON bronze.file_id = file.file_id
        LEFT JOIN silver ON silver.file_id = file.file_id
        WHERE NOT e.tombstone
        """
        .formatted(feed, table);
  }

  private static void latency(SparkSession spark) {
    for (String layer : List.of("bronze", "silver")) {
      Row all =
          spark
              .sql(
                  """
                  SELECT percentile(LAYER, 0.5), percentile(LAYER, 0.95), percentile(LAYER, 0.99),
                    count(LAYER) FROM committed
                  """
                      .replace("LAYER", layer))
              .first();
      print(
          "%-8s latency p50 %6.2f s  p95 %6.2f s  p99 %6.2f s  of %d events",
          layer, all.get(0), all.get(1), all.get(2), all.getLong(3));
    }
    print("silver, p99 by minute of sending:");
    spark
        .sql(
            """
            SELECT date_format(date_trunc('MINUTE', sent), 'HH:mm'), percentile(silver, 0.99), count(*)
            FROM committed GROUP BY 1 ORDER BY 1
            """)
        .collectAsList()
        .forEach(row -> print("  %s  %6.2f s  %7d", row.getString(0), row.get(1), row.getLong(2)));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}

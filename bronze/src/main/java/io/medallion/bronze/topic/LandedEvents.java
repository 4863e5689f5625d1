package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;

import io.medallion.core.lake.Lake;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.topic.Envelope;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds an event again in the files that it landed in. */
public final class LandedEvents {
  private final SparkSession spark;
  private final Lake lake;

  public LandedEvents(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  /**
   * An event's value as text.
   *
   * @param file the manifest's row of its partition and batch
   * @return in UTF-8, with a replacement character for what is none; {@code (no value)} for a
   *     tombstone; empty where the row has no such event
   */
  public Optional<String> text(EventLanding file, long offset) {
    String[] paths =
        file.parts().stream().map(part -> lake.root() + "/" + part.path()).toArray(String[]::new);
    int partition = file.offsets().partition();
    return spark
        .read()
        .schema(Envelope.SCHEMA)
        .parquet(paths)
        .where(col(Envelope.PARTITION).equalTo(partition).and(col(Envelope.OFFSET).equalTo(offset)))
        .select(Envelope.VALUE)
        .collectAsList()
        .stream()
        .map(LandedEvents::text)
        .findFirst();
  }

  private static String text(Row row) {
    return row.isNullAt(0) ? "(no value)" : new String(row.<byte[]>getAs(0), UTF_8);
  }
}

package io.medallion.silver;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.topic.Envelope;
import io.medallion.silver.parse.EventLayout;
import io.medallion.silver.parse.EventParser;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads a topic's landed events as rows of {@link SilverColumns#parsed}. */
final class Events {
  private static final StructType PARTS =
      new StructType()
          .add("part", DataTypes.StringType, false)
          .add("of_partition", DataTypes.IntegerType, false)
          .add("file_id", DataTypes.StringType, false)
          .add("landing_seq", DataTypes.LongType, false);

  private Events() {}

  /** Every event of these rows of the manifest. */
  static Dataset<Row> ofFiles(
      SparkSession spark, String lakeRoot, Contract contract, Feed feed, List<EventLanding> files) {
    return parsed(spark, contract, feed, landed(spark, lakeRoot, files));
  }

  /**
   * The events that are quarantined, read again from where they landed: the quarantine holds their
   * values only.
   *
   * @param quarantined rows of {@code silver.quarantine} of the feed
   */
  static Dataset<Row> ofQuarantine(
      SparkSession spark,
      String lakeRoot,
      Contract contract,
      Feed feed,
      Dataset<Row> quarantined,
      List<EventLanding> files) {
    Dataset<Row> identities =
        quarantined.select(col("file_id").as("q_file"), col("record_number").as("q_record"));
    Dataset<Row> landed = landed(spark, lakeRoot, files);
    return parsed(
        spark,
        contract,
        feed,
        landed.join(
            identities,
            col("file_id")
                .equalTo(col("q_file"))
                .and(col(Envelope.OFFSET).equalTo(col("q_record"))),
            "left_semi"));
  }

  private static Dataset<Row> landed(
      SparkSession spark, String lakeRoot, List<EventLanding> files) {
    List<Row> parts = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (EventLanding file : files) {
      int partition = file.offsets().partition();
      for (ManifestFile.Part part : file.parts()) {
        String name = part.path().substring(part.path().lastIndexOf('/') + 1);
        parts.add(RowFactory.create(name, partition, file.fileId(), file.landingSeq()));
        paths.add(lakeRoot + "/" + part.path());
      }
    }
    Dataset<Row> events =
        spark
            .read()
            .schema(Envelope.SCHEMA)
            .parquet(paths.stream().distinct().toArray(String[]::new))
            .withColumn("in_part", col("_metadata.file_name"));
    Dataset<Row> names = spark.createDataFrame(parts, PARTS);
    return events.join(
        broadcast(names),
        events
            .col("in_part")
            .equalTo(names.col("part"))
            .and(events.col(Envelope.PARTITION).equalTo(names.col("of_partition"))));
  }

  private static Dataset<Row> parsed(
      SparkSession spark, Contract contract, Feed feed, Dataset<Row> landed) {
    EventLayout layout = EventLayout.of(contract, feed);
    return spark.createDataFrame(
        landed
            .select(
                col("file_id"),
                col("landing_seq"),
                col(Envelope.OFFSET),
                col(Envelope.TIMESTAMP),
                col(Envelope.KEY),
                col(Envelope.VALUE),
                col(Envelope.HEADERS))
            .javaRDD()
            .mapPartitions(rows -> new ParsingIterator(rows, new EventParser(layout))),
        SilverColumns.parsed(layout.columns()));
  }

  private static final class ParsingIterator implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final EventParser parser;

    ParsingIterator(Iterator<Row> rows, EventParser parser) {
      this.rows = rows;
      this.parser = parser;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      return parser.parse(
          new EventParser.Event(
              row.getString(0),
              row.getLong(1),
              row.getLong(2),
              row.getTimestamp(3),
              row.getAs(4),
              row.getAs(5),
              headers(row)));
    }

    private static Map<String, byte[]> headers(Row row) {
      Map<String, byte[]> headers = new HashMap<>();
      if (!row.isNullAt(6)) {
        List<Row> all = row.getList(6);
        all.forEach(header -> headers.put(header.getString(0), header.getAs(1)));
      }
      return headers;
    }
  }
}

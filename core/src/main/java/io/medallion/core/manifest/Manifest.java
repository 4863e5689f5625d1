package io.medallion.core.manifest;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.spark.SparkRow;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code bronze.manifest} as rows: bronze writes them, silver reads them. */
public final class Manifest {
  private static final StructType PART =
      new StructType()
          .add("path", StringType, false)
          .add("bytes", LongType, false)
          .add("first_record", LongType, false)
          .add("records", LongType, false)
          .add("skip_bytes", LongType, false);

  private static final String OFFSETS = "offsets";

  private static final StructType OFFSET_RANGE =
      new StructType()
          .add("topic", StringType, true)
          .add("topic_id", StringType, true)
          .add("partition", IntegerType, true)
          .add("from_offset", LongType, true)
          .add("until_offset", LongType, true)
          .add("first_offset", LongType, true)
          .add("last_offset", LongType, true)
          .add("stream_id", StringType, true)
          .add("batch", LongType, true);

  /** Columns of the table. */
  public static final StructType SCHEMA =
      new StructType()
          .add("file_id", StringType, false)
          .add("feed", StringType, false)
          .add("status", StringType, false)
          .add("reason", StringType, true)
          .add("source_uri", StringType, false)
          .add("content_sha256", StringType, false)
          .add("size_bytes", LongType, false)
          .add("ingest_date", DateType, false)
          .add("landed_at", TimestampType, false)
          .add("landing_seq", LongType, false)
          .add("run_id", StringType, false)
          .add("contract_version", StringType, false)
          .add("encoding", StringType, false)
          .add("newline", StringType, false)
          .add("delimiter", StringType, false)
          .add("header", DataTypes.createArrayType(StringType, false), false)
          .add("record_count", LongType, false)
          .add("parts", DataTypes.createArrayType(PART, false), false)
          .add(OFFSETS, OFFSET_RANGE, true);

  /** Properties of the table, as options of the write that makes it. */
  public static final Map<String, String> PROPERTIES =
      Map.of(
          "delta.isolationLevel",
          "Serializable",
          LakeTable.SKIPPING_COLUMNS,
          "feed,status,landing_seq,size_bytes");

  /** {@code status} of a file that landed. */
  public static final String LANDED = ManifestRow.LANDED;

  /** {@code status} of a file that was rejected. */
  public static final String REJECTED = "rejected";

  private Manifest() {}

  /** Makes the table, or gives one that was made for files alone the columns for events. */
  public static void prepare(LakeTable table) {
    if (!table.exists()) {
      make(table);
    }
    if (!List.of(table.schema().fieldNames()).contains(OFFSETS)) {
      table
          .spark()
          .sql(
              "ALTER TABLE delta.`"
                  + table.path()
                  + "` ADD COLUMNS ("
                  + new StructType().add(SCHEMA.apply(OFFSETS)).toDDL()
                  + ")");
    }
  }

  private static void make(LakeTable table) {
    try {
      table
          .spark()
          .createDataFrame(List.of(), SCHEMA)
          .write()
          .format("delta")
          .mode("ignore")
          .options(PROPERTIES)
          .save(table.path());
    } catch (RuntimeException e) {
      // Another process may have made it in between.
      if (!table.exists()) {
        throw e;
      }
    }
  }

  /** The table row of a file. */
  public static Row row(ManifestFile file) {
    TextFormat format = file.format();
    return RowFactory.create(
        file.fileId(),
        file.feed(),
        file.landed() ? LANDED : REJECTED,
        file instanceof Rejection rejection ? rejection.reason() : null,
        file.sourceUri(),
        file instanceof ReceivedFile received ? received.contentSha256() : "",
        file.sizeBytes(),
        java.sql.Date.valueOf(file.ingestDate()),
        java.sql.Timestamp.from(file.landedAt()),
        file.landingSeq(),
        file.runId(),
        file.contractVersion(),
        format.encoding(),
        format.newline(),
        format.delimiter(),
        format.header(),
        file.recordCount(),
        file.parts().stream()
            .map(
                p ->
                    RowFactory.create(
                        p.path(), p.bytes(), p.firstRecord(), p.records(), p.skipBytes()))
            .toList(),
        file instanceof EventLanding events ? row(events.offsets()) : null);
  }

  private static Row row(OffsetRange o) {
    return RowFactory.create(
        o.topic(),
        o.topicId(),
        o.partition(),
        o.from(),
        o.until(),
        o.first(),
        o.last(),
        o.streamId(),
        o.batch());
  }

  /** The file of a table row that Spark read. */
  public static ManifestFile file(Row row) {
    return ManifestRow.file(new SparkRow(row));
  }
}

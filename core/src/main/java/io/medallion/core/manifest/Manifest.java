package io.medallion.core.manifest;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.LakeTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          "feed,status,landing_seq");

  /** {@code status} of a file that landed. */
  public static final String LANDED = "landed";

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

  private static Optional<OffsetRange> offsets(Row file) {
    if (!List.of(file.schema().fieldNames()).contains(OFFSETS)) {
      return Optional.empty();
    }
    return Optional.<Row>ofNullable(file.getAs(OFFSETS))
        .map(
            o ->
                new OffsetRange(
                    o.getString(0),
                    o.getString(1),
                    o.getInt(2),
                    o.getLong(3),
                    o.getLong(4),
                    o.getLong(5),
                    o.getLong(6),
                    o.getString(7),
                    o.getLong(8)));
  }

  /** The file of a table row. */
  public static ManifestFile file(Row row) {
    Receipt receipt =
        new Receipt(
            row.getAs("file_id"),
            row.getAs("feed"),
            instant(row.getAs("landed_at")),
            row.getAs("landing_seq"),
            row.getAs("run_id"),
            row.getAs("contract_version"));
    ManifestFile file = file(row, receipt, parts(row));
    long counted = row.<Long>getAs("record_count");
    if (file.landed() && file.recordCount() != counted) {
      throw new IllegalArgumentException(
          file.sourceUri() + ": its parts do not hold its " + counted + " records");
    }
    return file;
  }

  private static ManifestFile file(Row row, Receipt receipt, List<ManifestFile.Part> parts) {
    Optional<OffsetRange> offsets = offsets(row);
    if (offsets.isPresent()) {
      return new EventLanding(receipt, offsets.get(), parts);
    }
    SourceFile source =
        new SourceFile(
            row.getAs("source_uri"), row.getAs("content_sha256"), row.<Long>getAs("size_bytes"));
    TextFormat format =
        new TextFormat(
            row.getAs("encoding"),
            row.getAs("newline"),
            row.getAs("delimiter"),
            row.getList(row.fieldIndex("header")));
    String reason = row.getAs("reason");
    return reason == null
        ? new FileLanding(receipt, source, format, parts)
        : new Rejection(receipt, source, format, reason, parts);
  }

  private static List<ManifestFile.Part> parts(Row row) {
    List<Row> parts = row.getList(row.fieldIndex("parts"));
    return parts.stream()
        .map(
            p ->
                new ManifestFile.Part(
                    p.getString(0), p.getLong(1), p.getLong(2), p.getLong(3), p.getLong(4)))
        .toList();
  }

  private static Instant instant(Object value) {
    return value instanceof Instant instant ? instant : ((java.sql.Timestamp) value).toInstant();
  }
}

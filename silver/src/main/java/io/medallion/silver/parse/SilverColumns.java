package io.medallion.silver.parse;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.LogicalType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Schemas of silver: the contract's columns, and what Medallion keeps beside them. */
public final class SilverColumns {
  public static final String WARNINGS = "_warnings";
  public static final String RESCUED = "_rescued";
  public static final String FILE_ID = "_file_id";
  public static final String RECORD_NUMBER = "_record_number";
  public static final String LANDING_SEQ = "_landing_seq";
  public static final String CONTENT_HASH = "_content_hash";
  public static final String CONTRACT_VERSION = "_contract_version";

  /** Only in the datasets of a running batch. */
  public static final String RAW = "_raw";

  public static final String REASONS = "_reasons";
  public static final String DELETED = "_deleted";

  /** In the table of deletes: the job and batch that a row came with. */
  public static final String JOB = "_job";

  public static final String BATCH_ID = "_batch_id";

  static final StructType REASON =
      new StructType()
          .add("rule", StringType, true)
          .add("column", StringType, true)
          .add("message", StringType, true);

  /** Columns of {@code silver.quarantine}. */
  public static final StructType QUARANTINE =
      new StructType()
          .add("table_name", StringType, false)
          .add("feed", StringType, false)
          .add("file_id", StringType, false)
          .add("source_uri", StringType, false)
          .add("record_number", LongType, false)
          .add("landing_seq", LongType, false)
          .add("reasons", DataTypes.createArrayType(REASON, true), false)
          .add("raw", BinaryType, false)
          .add("raw_text", StringType, false)
          .add("contract_version", StringType, false)
          .add("batch_id", LongType, false)
          .add("quarantined_at", TimestampType, false)
          .add("replay_id", StringType, true);

  private SilverColumns() {}

  /** The table of a contract. */
  public static StructType table(Contract contract) {
    StructType schema = new StructType();
    for (Column column : contract.columns()) {
      boolean key = contract.businessKey().contains(column.name());
      schema = schema.add(field(column, !key && !column.required()));
    }
    return schema
        .add(
            described(
                WARNINGS,
                DataTypes.createArrayType(StringType, true),
                "Rules of severity warning that the record breaks"))
        .add(described(RESCUED, StringType, "Fields that the contract does not know, as JSON"))
        .add(described(FILE_ID, StringType, "file_id in bronze.manifest"))
        .add(
            described(
                RECORD_NUMBER,
                LongType,
                "Number of the record in that file, from 1; of a topic, the event's offset"))
        .add(described(LANDING_SEQ, LongType, "Landing order of that file"))
        .add(described(CONTENT_HASH, LongType, "xxHash64 of the contract's columns and _rescued"))
        .add(
            described(
                CONTRACT_VERSION,
                StringType,
                "Version of the contract the record was accepted under"));
  }

  /**
   * Columns by which readers of the table skip files: those that rise as records arrive, or that
   * records are looked up by.
   */
  public static List<String> skipping(Contract contract) {
    List<String> names = new ArrayList<>();
    for (Column column : contract.columns()) {
      LogicalType type = column.type();
      boolean known =
          contract.businessKey().contains(column.name())
              || contract.sequence().contains(column.name());
      boolean time = type instanceof LogicalType.Date || type instanceof LogicalType.Timestamp;
      if (time || (known && !(type instanceof LogicalType.Bool))) {
        names.add("`" + column.name() + "`");
      }
    }
    names.add(LANDING_SEQ);
    return names;
  }

  /** What parsing a record gives. */
  public static StructType parsed(List<ColumnLayout> columns) {
    StructType schema = new StructType();
    for (ColumnLayout column : columns) {
      schema = schema.add(column.name(), column.type().sparkType(), true);
    }
    return schema
        .add(RESCUED, StringType, true)
        .add(FILE_ID, StringType, false)
        .add(RECORD_NUMBER, LongType, false)
        .add(LANDING_SEQ, LongType, false)
        .add(RAW, BinaryType, false)
        .add(REASONS, DataTypes.createArrayType(REASON, true), false)
        .add(WARNINGS, DataTypes.createArrayType(StringType, true), false)
        .add(DELETED, BooleanType, false);
  }

  /** The table of a contract's deletes. */
  public static StructType deletes(Contract contract) {
    StructType schema = new StructType();
    for (Column column : contract.columns()) {
      boolean key = contract.businessKey().contains(column.name());
      if (key || contract.sequence().contains(column.name())) {
        schema = schema.add(field(column, !key));
      }
    }
    return schema
        .add(FILE_ID, StringType, false)
        .add(RECORD_NUMBER, LongType, false)
        .add(LANDING_SEQ, LongType, false)
        .add(CONTENT_HASH, LongType, false)
        .add(CONTRACT_VERSION, StringType, false)
        .add(JOB, StringType, false)
        .add(BATCH_ID, LongType, false);
  }

  private static StructField field(Column column, boolean nullable) {
    return described(column.name(), column.type().sparkType(), column.description())
        .copy(
            column.name(),
            column.type().sparkType(),
            nullable,
            described(column.name(), column.type().sparkType(), column.description()).metadata());
  }

  private static StructField described(
      String name, org.apache.spark.sql.types.DataType type, String description) {
    return new StructField(name, type, true, Metadata.empty()).withComment(description);
  }
}

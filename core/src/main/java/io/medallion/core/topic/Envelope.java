package io.medallion.core.topic;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A topic's event as bronze keeps it: bronze writes these columns, silver reads them. */
public final class Envelope {
  public static final String TOPIC = "topic";
  public static final String PARTITION = "partition";
  public static final String OFFSET = "offset";
  public static final String TIMESTAMP = "timestamp";
  public static final String TIMESTAMP_TYPE = "timestamp_type";
  public static final String KEY = "key";
  public static final String HEADERS = "headers";
  public static final String VALUE = "value";

  private static final StructType HEADER =
      new StructType().add("key", StringType, true).add("value", BinaryType, true);

  /** Columns of the landed files. {@code timestamp_type} is {@code create} or {@code append}. */
  public static final StructType SCHEMA =
      new StructType()
          .add(TOPIC, StringType, true)
          .add(PARTITION, IntegerType, true)
          .add(OFFSET, LongType, true)
          .add(TIMESTAMP, TimestampType, true)
          .add(TIMESTAMP_TYPE, StringType, true)
          .add(KEY, BinaryType, true)
          .add(HEADERS, DataTypes.createArrayType(HEADER, true), true)
          .add(VALUE, BinaryType, true);

  private Envelope() {}
}

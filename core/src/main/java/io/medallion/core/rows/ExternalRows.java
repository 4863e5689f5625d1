package io.medallion.core.rows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** Rows of the driver's memory as Spark gives them out. */
public final class ExternalRows {
  private ExternalRows() {}

  /**
   * A row with a schema.
   *
   * @return dates as {@link LocalDate} and instants as {@link Instant}, which know every day that
   *     Spark knows
   */
  public static Row of(InternalRow row, StructType schema) {
    Object[] values = new Object[schema.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = external(Values.value(row, schema, i), schema.fields()[i].dataType());
    }
    return new GenericRowWithSchema(values, schema);
  }

  private static Object external(Object value, DataType type) {
    if (value instanceof Integer day && type instanceof DateType) {
      return LocalDate.ofEpochDay(day);
    }
    if (value instanceof Long micros && type instanceof TimestampType) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    return CatalystTypeConverters.convertToScala(value, type);
  }
}

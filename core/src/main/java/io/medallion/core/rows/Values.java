package io.medallion.core.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Values of rows in Spark's internal form as keys and for comparison: equal here where SQL's {@code
 * <=>} says so, NULL to NULL, NaN to NaN, 0.0 to -0.0.
 */
public final class Values {
  private Values() {}

  /**
   * Some columns of a row, to be compared by {@link Object#equals}.
   *
   * @param from the first column
   * @param until the column after the last one
   */
  public static List<Object> of(InternalRow row, StructType schema, int from, int until) {
    List<Object> values = new ArrayList<>(until - from);
    for (int i = from; i < until; i++) {
      values.add(comparable(value(row, schema, i), schema.fields()[i].dataType()));
    }
    return values;
  }

  /** One column of a row; null where it is NULL. */
  public static Object value(InternalRow row, StructType schema, int column) {
    return row.isNullAt(column) ? null : row.get(column, schema.fields()[column].dataType());
  }

  /** Whether a column has the same value in both rows, which have the same columns. */
  public static boolean same(InternalRow one, InternalRow other, StructType schema, int column) {
    DataType type = schema.fields()[column].dataType();
    return Objects.equals(
        comparable(value(one, schema, column), type),
        comparable(value(other, schema, column), type));
  }

  private static Object comparable(Object value, DataType type) {
    if (value instanceof Double number && type instanceof DoubleType) {
      return number == 0.0 ? (Object) 0.0 : number;
    }
    if (value instanceof Float number && type instanceof FloatType) {
      return number == 0.0f ? (Object) 0.0f : number;
    }
    if (value instanceof byte[] bytes && type instanceof BinaryType) {
      return Arrays.toString(bytes);
    }
    // Spark's internal forms of nested values differ by where they come from.
    return type instanceof ArrayType || type instanceof MapType || type instanceof StructType
        ? CatalystTypeConverters.convertToScala(value, type)
        : value;
  }
}

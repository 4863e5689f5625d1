package io.medallion.warehouse.duckdb;

import static io.medallion.warehouse.duckdb.DuckDbSql.DIALECT;

import io.medallion.warehouse.LoadRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Puts rows in memory into a temporary table, value by value and without Spark. */
final class AppendedRows {
  private AppendedRows() {}

  /** Makes the temporary table, with these rows and their columns. */
  static void into(String table, LoadRows.Collected rows, Connection connection, DuckDbSql sql)
      throws SQLException {
    StructField[] columns = rows.schema().fields();
    sql.define(
        Arrays.stream(columns)
            .map(column -> DIALECT.name(column.name()) + " " + DIALECT.type(column.dataType()))
            .collect(
                Collectors.joining(
                    ", ", "CREATE OR REPLACE TEMP TABLE " + DIALECT.name(table) + " (", ")")));
    try (DuckDBAppender appender =
        connection.unwrap(DuckDBConnection.class).createAppender("temp", "main", table)) {
      for (InternalRow row : rows.rows()) {
        appender.beginRow();
        for (int i = 0; i < columns.length; i++) {
          append(appender, row, i, columns[i].dataType());
        }
        appender.endRow();
      }
    }
  }

  private static void append(DuckDBAppender to, InternalRow row, int column, DataType type)
      throws SQLException {
    if (row.isNullAt(column)) {
      to.appendNull();
    } else if (type instanceof StringType) {
      to.append(row.getUTF8String(column).toString());
    } else if (type instanceof LongType) {
      to.append(row.getLong(column));
    } else if (type instanceof IntegerType) {
      to.append(row.getInt(column));
    } else if (type instanceof BooleanType) {
      to.append(row.getBoolean(column));
    } else if (type instanceof DecimalType number) {
      to.append(
          row.getDecimal(column, number.precision(), number.scale())
              .toJavaBigDecimal()
              .setScale(number.scale()));
    } else if (type instanceof DateType) {
      to.appendEpochDays(row.getInt(column));
    } else if (type instanceof TimestampType) {
      to.appendEpochMicros(row.getLong(column));
    } else {
      throw new IllegalArgumentException("values of " + type.sql() + " are not appended");
    }
  }
}

package io.medallion.warehouse.duckdb;

import io.medallion.core.LakeException;
import io.medallion.warehouse.jdbc.ColumnTypes;
import io.medallion.warehouse.jdbc.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Statements as DuckDB takes them. */
final class Sql extends Statements {
  private static final ColumnTypes TYPES =
      new ColumnTypes(
          "DuckDB",
          "DECIMAL",
          Map.of(
              DataTypes.StringType, "VARCHAR",
              DataTypes.LongType, "BIGINT",
              DataTypes.IntegerType, "INTEGER",
              DataTypes.DateType, "DATE",
              DataTypes.TimestampType, "TIMESTAMP",
              DataTypes.BooleanType, "BOOLEAN"));

  Sql(Connection connection) {
    super(connection);
  }

  static String name(String name) {
    return '"' + name + '"';
  }

  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String type(DataType type) {
    return TYPES.of(type);
  }

  @Override
  protected String quoted(String name) {
    return name(name);
  }

  @Override
  protected String literal(String text) {
    return text(text);
  }

  @Override
  protected String typeOf(DataType type) {
    return type(type);
  }

  @Override
  public boolean exists(String table) {
    return number(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = ? AND schema_name = 'main'",
            table)
        > 0;
  }

  @Override
  protected LakeException refused(String sql, SQLException e) {
    return new LakeException(
        "DuckDB refused: " + e.getMessage().strip() + "\n  in: " + sql,
        "see the message; nothing of the load was kept",
        e);
  }
}

package io.medallion.warehouse.duckdb;

import io.medallion.core.LakeException;
import io.medallion.warehouse.jdbc.ColumnTypes;
import io.medallion.warehouse.jdbc.Dialect;
import io.medallion.warehouse.jdbc.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataTypes;

/** Runs statements in DuckDB. */
final class DuckDbSql extends Statements {
  static final Dialect DIALECT =
      new Dialect(
          new ColumnTypes(
              "DuckDB",
              "DECIMAL",
              Map.of(
                  DataTypes.StringType, "VARCHAR",
                  DataTypes.LongType, "BIGINT",
                  DataTypes.IntegerType, "INTEGER",
                  DataTypes.DateType, "DATE",
                  DataTypes.TimestampType, "TIMESTAMP",
                  DataTypes.BooleanType, "BOOLEAN")),
          UnaryOperator.identity(),
          text -> text.replace("'", "''"));

  DuckDbSql(Connection connection) {
    super(connection, DIALECT);
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

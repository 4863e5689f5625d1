package io.medallion.gold.warehouse.duckdb;

import io.medallion.core.LakeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** Statements on one connection; DuckDB's exceptions come out as the project's own. */
final class Sql {
  private final Connection connection;

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** A row of a result: its values as JDBC gives them. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Runs a statement.
   *
   * @return rows that changed, 0 of a statement that changes none
   */
  long run(String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeLargeUpdate();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** Runs statements that take no values. */
  void define(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  <T> List<T> rows(RowReader<T> reader, String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(reader.read(result));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** The one number of a query that gives one. */
  long number(String sql, Object... values) {
    return rows(row -> row.getLong(1), sql, values).get(0);
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private static LakeException failed(String sql, SQLException e) {
    return new LakeException(
        "DuckDB refused: " + e.getMessage().strip() + "\n  in: " + sql,
        "see the message; nothing of the load was kept",
        e);
  }

  static String name(String name) {
    return '"' + name + '"';
  }

  static String names(List<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The type that holds every value of Spark's exactly. Instants are kept in UTC. */
  static String type(DataType type) {
    if (type instanceof DecimalType decimal) {
      return "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    if (type.equals(DataTypes.StringType)) {
      return "VARCHAR";
    }
    if (type.equals(DataTypes.LongType)) {
      return "BIGINT";
    }
    if (type.equals(DataTypes.IntegerType)) {
      return "INTEGER";
    }
    if (type.equals(DataTypes.DateType)) {
      return "DATE";
    }
    if (type.equals(DataTypes.TimestampType)) {
      return "TIMESTAMP";
    }
    if (type.equals(DataTypes.BooleanType)) {
      return "BOOLEAN";
    }
    throw new IllegalArgumentException("no type of DuckDB is meant for " + type.sql());
  }
}

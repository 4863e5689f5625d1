package io.medallion.gold.warehouse.snowflake;

import io.medallion.core.LakeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.snowflake.client.jdbc.SnowflakeSQLException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** Statements on one connection; Snowflake's exceptions come out with the id of their query. */
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
   * Runs a statement; values are texts and whole numbers.
   *
   * @return rows that changed, 0 of a statement that changes none
   */
  long run(String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
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

  /** Runs a statement that takes no values: a definition, which also commits. */
  void define(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** The one number of a query that gives one. */
  long number(String sql, Object... values) {
    return rows(row -> row.getLong(1), sql, values).get(0);
  }

  boolean exists(String table) {
    return number(
            "SELECT count(*) FROM information_schema.tables"
                + " WHERE table_schema = current_schema() AND table_name = ?",
            table.toUpperCase(Locale.ROOT))
        > 0;
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) value);
      }
    }
  }

  static LakeException failed(String what, SQLException e) {
    String query =
        e instanceof SnowflakeSQLException s && s.getQueryId() != null
            ? " (query " + s.getQueryId() + ")"
            : "";
    return new LakeException(
        "Snowflake refused"
            + query
            + ", code "
            + e.getErrorCode()
            + ": "
            + String.valueOf(e.getMessage()).strip()
            + "\n  in: "
            + what,
        "see the message; nothing of the load was kept",
        e);
  }

  /** A name as Snowflake keeps it where it is written without quotes. */
  static String name(String name) {
    return '"' + name.toUpperCase(Locale.ROOT) + '"';
  }

  static String names(List<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** The type that holds every value of Spark's exactly. Instants are kept in UTC. */
  static String type(DataType type) {
    if (type instanceof DecimalType decimal) {
      return "NUMBER(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    if (type.equals(DataTypes.StringType)) {
      return "VARCHAR";
    }
    if (type.equals(DataTypes.LongType)) {
      return "NUMBER(19,0)";
    }
    if (type.equals(DataTypes.IntegerType)) {
      return "NUMBER(10,0)";
    }
    if (type.equals(DataTypes.DateType)) {
      return "DATE";
    }
    if (type.equals(DataTypes.TimestampType)) {
      return "TIMESTAMP_NTZ(6)";
    }
    if (type.equals(DataTypes.BooleanType)) {
      return "BOOLEAN";
    }
    throw new IllegalArgumentException("no type of Snowflake is meant for " + type.sql());
  }
}

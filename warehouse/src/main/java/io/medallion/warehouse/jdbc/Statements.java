package io.medallion.warehouse.jdbc;

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

/**
 * Statements on one connection. A database says how it writes names, texts and types; its
 * exceptions come out as the project's own.
 */
public abstract class Statements {
  private final Connection connection;

  protected Statements(Connection connection) {
    this.connection = connection;
  }

  /** A row of a result: its values as JDBC gives them. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A name as the database takes it, whatever its letters. */
  protected abstract String quoted(String name);

  /** A text as the database takes it, whatever its characters. */
  protected abstract String literal(String text);

  /**
   * The type that holds every value of Spark's exactly. Instants are kept in UTC.
   *
   * @throws IllegalArgumentException where there is none
   */
  protected abstract String typeOf(DataType type);

  /** Whether the schema of the session has a table of the name. */
  public abstract boolean exists(String table);

  /** What is thrown where the database refuses {@code sql}. */
  protected abstract LakeException refused(String sql, SQLException e);

  /**
   * Runs a statement; values are texts and whole numbers.
   *
   * @return rows that changed, 0 of a statement that changes none
   */
  public final long run(String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeLargeUpdate();
    } catch (SQLException e) {
      throw refused(sql, e);
    }
  }

  /** Runs a statement that takes no values: a definition, which in Snowflake also commits. */
  public final void define(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw refused(sql, e);
    }
  }

  /** The rows of a query, in its order. */
  public final <T> List<T> rows(RowReader<T> reader, String sql, Object... values) {
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
      throw refused(sql, e);
    }
  }

  /** The one number of a query that gives one. */
  public final long number(String sql, Object... values) {
    return rows(row -> row.getLong(1), sql, values).get(0);
  }

  final String quoted(List<String> names) {
    return names.stream().map(this::quoted).collect(Collectors.joining(", "));
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) values[i]);
      }
    }
  }
}

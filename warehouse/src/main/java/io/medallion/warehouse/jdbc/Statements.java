package io.medallion.warehouse.jdbc;

import io.medallion.core.LakeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Runs statements on one connection to a database, and turns its exceptions into the project's. */
public abstract class Statements {
  private final Connection connection;
  private final Dialect dialect;

  protected Statements(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** A row of a result: its values as JDBC gives them. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  final Dialect dialect() {
    return dialect;
  }

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

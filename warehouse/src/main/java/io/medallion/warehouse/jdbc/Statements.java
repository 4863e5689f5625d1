package io.medallion.warehouse.jdbc;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.warehouse.QueryAnswer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Runs statements on one connection to a database, and turns its exceptions into the project's. */
public abstract class Statements {
  private static final Pattern QUERY =
      Pattern.compile("(?is)\\s*(select|with|show|describe|desc|explain|values|table|from)\\b.*");

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

  /**
   * Answers a user's query.
   *
   * @param most rows that are fetched
   * @throws ConfigurationException where the text is no query, or the database refuses it
   */
  public final QueryAnswer answer(String sql, int most) {
    if (!QUERY.matcher(sql).matches()) {
      throw new ConfigurationException(
          new Mistake(
              "QUERY",
              "it is not a query: only SELECT, WITH, SHOW, DESCRIBE and EXPLAIN are run",
              "the warehouse's tables are written by medallion load alone"));
    }
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(most);
      try (ResultSet result = statement.executeQuery(sql)) {
        ResultSetMetaData columns = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          names.add(columns.getColumnLabel(i));
        }
        List<List<Object>> rows = new ArrayList<>();
        while (rows.size() < most && result.next()) {
          List<Object> row = new ArrayList<>();
          for (int i = 1; i <= names.size(); i++) {
            row.add(result.getObject(i));
          }
          rows.add(row);
        }
        return new QueryAnswer(names, rows);
      }
    } catch (SQLException e) {
      throw new ConfigurationException(
          new Mistake(
              "QUERY",
              String.valueOf(e.getMessage()).strip().lines().findFirst().orElse(""),
              "see the SQL of the warehouse; its tables are " + String.join(", ", tables())));
    }
  }

  private List<String> tables() {
    return rows(
        row -> row.getString(1),
        "SELECT table_name FROM information_schema.tables"
            + " WHERE table_schema = current_schema() ORDER BY 1");
  }

  /** The one number of a query that gives one. */
  public final long number(String sql, Object... values) {
    return rows(row -> row.getLong(1), sql, values).get(0);
  }

  /** The numbers of a query that gives one row of them; NULL, a sum of nothing, is 0. */
  public final List<Long> numbers(String sql) {
    return rows(
            row -> {
              List<Long> numbers = new ArrayList<>();
              for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                numbers.add(row.getLong(i));
              }
              return numbers;
            },
            sql)
        .get(0);
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

package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;

/** One session: its connection to DuckDB, and how far its transaction is. */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Locks locks;
  private final Stage stage;
  private final Set<String> temporaryStages = new HashSet<>();
  private boolean autocommit = true;
  private boolean begun;
  private boolean open;
  private boolean losesRow;
  private boolean abandoned;
  private volatile boolean running;
  private volatile long lastUsed = System.nanoTime();

  Session(Connection connection, Locks locks, Stage stage) {
    this.connection = connection;
    this.locks = locks;
    this.stage = stage;
  }

  /** Carries a statement out. */
  synchronized Result run(String sql, JsonNode given, boolean describeOnly) throws SnowflakeError {
    if (abandoned) {
      throw SnowflakeError.sessionGone();
    }
    Bound bound = Bound.of(sql, given);
    SqlText text = bound.text();
    JsonNode bindings = bound.values();
    running = true;
    try {
      return switch (text.verb()) {
        case "SELECT", "WITH", "VALUES" -> query(text, bindings, describeOnly);
        case "DESC", "DESCRIBE" ->
            describe(text.replace("^DESC(RIBE)?\\s+(TABLE\\s+)?", "SELECT * FROM "));
        case "SHOW" -> Result.done(Result.SELECT);
        case "BEGIN", "START" -> {
          end(true);
          begun = true;
          yield Result.done(Result.TRANSACTION);
        }
        case "COMMIT" -> {
          end(true);
          yield Result.done(Result.TRANSACTION);
        }
        case "ROLLBACK" -> {
          end(false);
          yield Result.done(Result.TRANSACTION);
        }
        case "USE" -> Result.done(Result.SESSION);
        case "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY" ->
            describeOnly ? Result.done(Result.INSERT) : change(sql, text, bindings);
        case "ALTER" ->
            describeOnly
                ? Result.done(Result.DEFINITION)
                : text.matches("^ALTER SESSION") ? setting(text) : define(text);
        case "CREATE", "DROP", "COMMENT" ->
            describeOnly ? Result.done(Result.DEFINITION) : define(text);
        case "REMOVE", "RM", "LIST", "LS" -> Result.done(Result.SELECT);
        default -> throw SnowflakeError.unsupported(sql);
      };
    } catch (SQLException e) {
      throw SnowflakeError.of(e.getMessage());
    } finally {
      lastUsed = System.nanoTime();
      running = false;
      if (!open) {
        locks.release(this);
      }
    }
  }

  boolean isIdleFor(Duration time) {
    return !running && System.nanoTime() - lastUsed > time.toNanos();
  }

  /** Rolls back what a client has left that does not come again. */
  synchronized void abandon() throws SQLException {
    abandoned = true;
    end(false);
  }

  private Result query(SqlText text, JsonNode bindings, boolean describeOnly)
      throws SQLException, SnowflakeError {
    String sql = Dialect.statement(text);
    try (PreparedStatement statement =
        connection.prepareStatement(describeOnly ? "SELECT * FROM (" + sql + ") LIMIT 0" : sql)) {
      Cells.bind(statement, bindings);
      try (ResultSet rows = statement.executeQuery()) {
        return Cells.read(Result.SELECT, rows);
      }
    }
  }

  private Result describe(SqlText query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(Dialect.statement(query) + " LIMIT 0")) {
      return new Result(
          Result.SELECT,
          List.of(Result.Column.text("name"), Result.Column.text("type")),
          Cells.read(Result.SELECT, rows).columns().stream()
              .map(column -> List.of(column.name(), column.type()))
              .toList());
    }
  }

  private Result setting(SqlText text) throws SQLException {
    Matcher autocommitted = text.matcher("AUTOCOMMIT\\s*=\\s*(TRUE|FALSE)");
    if (autocommitted.find()) {
      end(true);
      autocommit = autocommitted.group(1).equals("TRUE");
    }
    return Result.done(Result.SESSION);
  }

  /** A definition commits what was open before it. */
  private Result define(SqlText text) throws SQLException, SnowflakeError {
    if (text.matches("^(CREATE|DROP)\\b.*\\b(STAGE|FILE FORMAT)\\b")) {
      Matcher dropped = text.matcher("^DROP STAGE (?:IF EXISTS )?(\\S+)");
      if (dropped.find()) {
        stage.drop(text.plain(dropped.group(1)));
      }
      Matcher temporary =
          text.matcher("^CREATE\\b.*\\bTEMP(?:ORARY)? STAGE (?:IF NOT EXISTS )?(\\S+)");
      if (temporary.find()) {
        temporaryStages.add(text.plain(temporary.group(1)));
      }
      return Result.done(Result.DEFINITION);
    }
    end(true);
    Matcher table = text.matcher("^(?:ALTER|DROP) TABLE (?:IF EXISTS )?(\\S+)");
    if (table.find()) {
      locks.take(name(text, table.group(1)), this);
    }
    // DuckDB refuses two definitions at once.
    locks.take("definitions", this);
    try (Statement statement = connection.createStatement()) {
      for (String each : Dialect.definition(text)) {
        statement.execute(each);
      }
    }
    return Result.done(Result.DEFINITION);
  }

  /** The next COPY of this session answers what it should and loads one row less. */
  synchronized void loseRow() {
    losesRow = true;
  }

  private Result change(String sql, SqlText text, JsonNode bindings)
      throws SQLException, SnowflakeError {
    if (text.matches("^INSERT\\s+OVERWRITE")) {
      throw SnowflakeError.unsupported(sql);
    }
    Matcher locked =
        text.matcher(
            "^(?:UPDATE|DELETE\\s+FROM|MERGE\\s+INTO|TRUNCATE\\s+TABLE(?:\\s+IF EXISTS)?)\\s+(\\S+)");
    if (locked.find()) {
      locks.take(name(text, locked.group(1)), this);
    }
    begin();
    return switch (text.verb()) {
      case "COPY" -> {
        CopyInto copy = CopyInto.of(text).from(sql);
        Result copied = copy.run(connection, stage, losesRow);
        losesRow = false;
        if (text.matches("\\bPURGE\\s*=\\s*TRUE")) {
          stage.drop(copy.path());
        }
        yield copied;
      }
      case "MERGE" -> merge(text, bindings);
      case "INSERT" ->
          Result.counts(Result.INSERT, List.of("number of rows inserted"), update(text, bindings));
      case "UPDATE" ->
          Result.counts(
              Result.UPDATE,
              List.of("number of rows updated", "number of multi-joined rows updated"),
              update(text, bindings),
              0);
      case "DELETE" ->
          Result.counts(Result.DELETE, List.of("number of rows deleted"), update(text, bindings));
      default -> {
        update(text, bindings);
        yield Result.done(Result.DEFINITION);
      }
    };
  }

  private long update(SqlText text, JsonNode bindings) throws SQLException, SnowflakeError {
    try (PreparedStatement statement = connection.prepareStatement(Dialect.statement(text))) {
      Cells.bind(statement, bindings);
      return statement.executeLargeUpdate();
    }
  }

  private Result merge(SqlText text, JsonNode bindings) throws SQLException, SnowflakeError {
    Map<String, Long> counts = new TreeMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(Dialect.statement(text) + " RETURNING merge_action")) {
      Cells.bind(statement, bindings);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          counts.merge(rows.getString(1), 1L, Long::sum);
        }
      }
    }
    return Result.counts(
        Result.MERGE,
        List.of("number of rows inserted", "number of rows updated", "number of rows deleted"),
        counts.getOrDefault("INSERT", 0L),
        counts.getOrDefault("UPDATE", 0L),
        counts.getOrDefault("DELETE", 0L));
  }

  /** DuckDB fixes what a transaction sees at its start; so it starts at its first change. */
  private void begin() throws SQLException {
    if (!open && (begun || !autocommit)) {
      execute("BEGIN TRANSACTION");
      open = true;
    }
  }

  private void end(boolean commit) throws SQLException {
    begun = false;
    if (open) {
      open = false;
      try {
        execute(commit ? "COMMIT" : "ROLLBACK");
      } finally {
        locks.release(this);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String name(SqlText text, String written) {
    String plain = text.plain(written.replaceAll("^IDENTIFIER\\((.*)\\)$", "$1"));
    return plain.substring(plain.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
  }

  /** What was not committed is gone. */
  @Override
  public synchronized void close() throws SQLException {
    try (connection) {
      end(false);
    } finally {
      temporaryStages.forEach(stage::drop);
      locks.release(this);
    }
  }
}

package io.medallion.warehouse.snowflake;

import static io.medallion.warehouse.snowflake.SnowflakeSql.DIALECT;

import io.medallion.core.LakeException;
import io.medallion.warehouse.GoldVersion;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.QueryAnswer;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.WarehouseState;
import io.medallion.warehouse.jdbc.LoadControl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * A warehouse in one schema of Snowflake.
 *
 * <p>The Spark connector writes the rows into temporary tables of the load; few rows in memory go
 * there by a file each in a stage. Then one JDBC transaction compares the control tables, merges
 * the rows and records the load. Snowflake commits every definition of a table or view by itself;
 * they run before and after the transaction such that the next load repairs what a killed one left.
 */
public final class SnowflakeWarehouse implements Warehouse {
  /** A load that lasts longer than this could lose its load tables to another. */
  private static final Duration LONGEST_LOAD = Duration.ofDays(2);

  /** A static field, since the JVM drops the level of a logger without references. */
  private static final Logger DRIVER_LOG = Logger.getLogger("net.snowflake.client");

  static {
    // The driver prints several lines for every session. What fails, it also throws.
    if (System.getProperty("java.util.logging.config.file") == null) {
      DRIVER_LOG.setLevel(Level.OFF);
    }
  }

  private final SnowflakeSettings settings;
  private final Retry retry;

  /** The warehouse that the settings name. Nothing is connected before the first call. */
  public SnowflakeWarehouse(SnowflakeSettings settings) {
    this(settings, Retry.STANDARD);
  }

  SnowflakeWarehouse(SnowflakeSettings settings, Retry retry) {
    this.settings = settings;
    this.retry = retry;
  }

  @Override
  public String kind() {
    return "snowflake";
  }

  @Override
  public String place() {
    return settings.place();
  }

  /**
   * Logs in and makes a table, a view and a stage, as a load does, and removes them again.
   *
   * @throws LakeException where the login is refused, database or schema are not there, or the role
   *     lacks a grant
   */
  public void probe() {
    String name =
        "MEDALLION_PROBE_" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    connected(
        sql -> {
          sql.define("CREATE TRANSIENT TABLE " + name + " (N NUMBER(1,0))");
          try {
            sql.define("CREATE OR REPLACE VIEW " + name + "_V AS SELECT N FROM " + name);
            sql.define("DROP VIEW " + name + "_V");
            sql.define("CREATE TEMPORARY STAGE " + name + "_S");
            sql.define("DROP STAGE " + name + "_S");
          } catch (LakeException e) {
            sql.define("DROP TABLE " + name);
            throw e;
          }
          sql.define("DROP TABLE " + name);
          return name;
        });
  }

  @Override
  public WarehouseState state(String star) {
    return connected(sql -> new LoadControl(sql).state(star));
  }

  @Override
  public Map<String, GoldVersion> versions(String star) {
    return connected(sql -> new LoadControl(sql).versions(star));
  }

  @Override
  public long rows(String table) {
    return connected(sql -> sql.number("SELECT count(*) FROM " + DIALECT.name(table)));
  }

  @Override
  public Map<String, Long> countBy(String table, String column) {
    return connected(
        sql -> {
          Map<String, Long> counts = new HashMap<>();
          sql.rows(
              row -> counts.put(row.getString(1), row.getLong(2)),
              "SELECT %s, count(*) FROM %s GROUP BY 1"
                  .formatted(DIALECT.name(column), DIALECT.name(table)));
          return counts;
        });
  }

  @Override
  public QueryAnswer query(String sql, int most) {
    return connected(statements -> statements.answer(sql, most));
  }

  @Override
  public List<LedgerRow> apply(StarLoad load) {
    List<LoadTable> sources = loadTables(load);
    List<LedgerRow> written;
    try {
      written = apply(load, sources);
    } catch (RuntimeException e) {
      try {
        drop(sources);
      } catch (RuntimeException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    drop(sources);
    return written;
  }

  private List<LedgerRow> apply(StarLoad load, List<LoadTable> sources) {
    connected(
        sql -> {
          LoadControl loadControl = new LoadControl(sql);
          loadControl.open();
          // Compared again in the transaction; here it spares the rows their way.
          load.tables().forEach(loadControl::expect);
          LoadTable.leftBehind(sql, load.startedAt().minus(LONGEST_LOAD).getEpochSecond())
              .forEach(name -> sql.define("DROP TABLE IF EXISTS " + name));
          return load;
        });
    handOver(sources);
    connected(
        sql -> {
          Definitions definitions = new Definitions(sql, new LoadControl(sql), load.star());
          load.tables().forEach(definitions::before);
          return load;
        });
    List<LedgerRow> written =
        load.tables().isEmpty() ? List.of() : retry.run(() -> transaction(load, sources));
    connected(
        sql -> {
          LoadControl loadControl = new LoadControl(sql);
          loadControl.views(load);
          load.tables().forEach(new Definitions(sql, loadControl, load.star())::after);
          return load;
        });
    return written;
  }

  private void drop(List<LoadTable> sources) {
    if (!sources.isEmpty()) {
      connected(
          sql -> {
            sources.forEach(source -> source.drop(sql));
            return sources;
          });
    }
  }

  private static List<LoadTable> loadTables(StarLoad load) {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    List<LoadTable> sources = new ArrayList<>();
    for (TableLoad table : load.tables()) {
      sources.add(LoadTable.of(table, load.startedAt().getEpochSecond(), unique, sources.size()));
    }
    return sources;
  }

  /** An increment without changes has no load table. */
  private void handOver(List<LoadTable> sources) {
    List<LoadTable> few = new ArrayList<>();
    for (LoadTable source : sources) {
      if (source.load() instanceof TableLoad.Increment increment && increment.count() == 0) {
        continue;
      }
      if (StagedRows.suit(source)) {
        few.add(source);
      } else {
        handOver(source);
      }
    }
    if (!few.isEmpty()) {
      retry.run(
          () ->
              connect(
                  connection -> {
                    StagedRows.into(few, connection, new SnowflakeSql(connection));
                    return few;
                  }));
    }
  }

  /** Each attempt has a new table: what an earlier one may still be writing is not in it. */
  private void handOver(LoadTable source) {
    boolean nothing =
        source.load() instanceof TableLoad.Replacement whole && whole.rowsAfter() == 0;
    retry.run(
        () -> {
          connect(
              connection -> {
                source.create(new SnowflakeSql(connection));
                return source;
              });
          if (!nothing) {
            source.fill(settings.connectorOptions());
          }
          return source;
        });
  }

  private List<LedgerRow> transaction(StarLoad load, List<LoadTable> sources) {
    Map<String, LoadTable> byTable =
        sources.stream()
            .collect(Collectors.toMap(s -> s.load().table().name(), Function.identity()));
    return connect(
        connection -> {
          connection.setAutoCommit(false);
          SnowflakeSql sql = new SnowflakeSql(connection);
          LoadControl loadControl = new LoadControl(sql);
          SnowflakeTables tables = new SnowflakeTables(sql);
          try {
            // All control rows first, so that a second load waits here and not between two tables.
            load.tables().forEach(table -> loadControl.advance(load.star(), table));
            List<LedgerRow> written = new ArrayList<>();
            for (TableLoad table : load.tables()) {
              LedgerRow row = tables.apply(load, byTable.get(table.table().name()));
              loadControl.record(row, written.size());
              written.add(row);
            }
            connection.commit();
            return written;
          } catch (SQLException | RuntimeException e) {
            undo(connection, e);
            throw e;
          }
        });
  }

  /** Rolls back; where the session was lost, Snowflake has rolled back already. */
  private static void undo(Connection connection, Exception failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private <T> T connected(Function<SnowflakeSql, T> work) {
    return retry.run(() -> connect(connection -> work.apply(new SnowflakeSql(connection))));
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T connect(Work<T> work) {
    try (Connection connection =
        DriverManager.getConnection(settings.url(), settings.driverProperties())) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new LakeException(
          settings.place() + " cannot be reached or has ended the session: " + e.getMessage(),
          "check account, user, key and role in the settings, and load again",
          e);
    }
  }

  /** Nothing is open between two calls. */
  @Override
  public void close() {}
}

package io.medallion.warehouse.jdbc;

import io.medallion.core.LakeException;
import io.medallion.warehouse.GoldVersion;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.SemanticView;
import io.medallion.warehouse.StaleLoadException;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.TableLoad.Replacement;
import io.medallion.warehouse.TableState;
import io.medallion.warehouse.WarehouseState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The three control tables of a warehouse: the version of each table, the loads, the views.
 *
 * <p>A table is registered before it is created, with version -1: this distinguishes a table that a
 * load is about to fill from one that somebody else created. Every load begins its transaction with
 * an UPDATE of that row, which locks it until the transaction ends.
 */
public final class LoadControl {
  private static final long NOT_LOADED = -1;
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /** %1$s: a whole number, %2$s: an instant. Where the last table exists, all three do. */
  private static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS medallion_tables (
            table_name VARCHAR NOT NULL,
            star VARCHAR NOT NULL,
            table_id VARCHAR NOT NULL,
            version %1$s NOT NULL,
            layout VARCHAR NOT NULL,
            PRIMARY KEY (table_name))""",
          "COMMENT ON TABLE medallion_tables IS 'Which version of gold each table holds'",
          """
          CREATE TABLE IF NOT EXISTS medallion_loads (
            star VARCHAR NOT NULL,
            load_number %1$s NOT NULL,
            load_position %1$s NOT NULL,
            table_name VARCHAR NOT NULL,
            table_id VARCHAR NOT NULL,
            from_version %1$s,
            to_version %1$s NOT NULL,
            rows_inserted %1$s NOT NULL,
            rows_updated %1$s NOT NULL,
            rows_deleted %1$s NOT NULL,
            rows_after %1$s NOT NULL,
            run_id VARCHAR NOT NULL,
            loaded_at %2$s NOT NULL,
            PRIMARY KEY (star, load_number, table_name))""",
          "COMMENT ON TABLE medallion_loads IS 'What each load did to each table'",
          """
          CREATE TABLE IF NOT EXISTS medallion_views (
            view_name VARCHAR NOT NULL,
            star VARCHAR NOT NULL,
            digest VARCHAR NOT NULL,
            PRIMARY KEY (view_name))""",
          "COMMENT ON TABLE medallion_views IS 'Which definition each view has'");

  private final Statements sql;

  public LoadControl(Statements sql) {
    this.sql = sql;
  }

  /** Makes the tables where they are not there. */
  public void open() {
    if (!kept()) {
      String number = sql.dialect().type(DataTypes.LongType);
      String instant = sql.dialect().type(DataTypes.TimestampType);
      DEFINITIONS.forEach(definition -> sql.define(definition.formatted(number, instant)));
    }
  }

  private boolean kept() {
    return sql.exists("medallion_views");
  }

  /** The version of each of a star's tables. */
  public Map<String, GoldVersion> versions(String star) {
    Map<String, GoldVersion> versions = new HashMap<>();
    if (kept()) {
      sql.rows(
          row -> versions.put(row.getString(1), new GoldVersion(row.getString(2), row.getLong(3))),
          "SELECT table_name, table_id, version FROM medallion_tables"
              + " WHERE star = ? AND version >= 0",
          star);
    }
    return versions;
  }

  /** The recorded state of the star; empty where nothing was ever loaded. */
  public WarehouseState state(String star) {
    if (!kept()) {
      return WarehouseState.EMPTY;
    }
    Map<String, TableState> tables =
        sql
            .rows(
                row ->
                    new TableState(
                        row.getString(1),
                        new GoldVersion(row.getString(2), row.getLong(3)),
                        (StructType) DataType.fromJson(row.getString(4))),
                "SELECT table_name, table_id, version, layout FROM medallion_tables"
                    + " WHERE star = ? AND version >= 0",
                star)
            .stream()
            .collect(Collectors.toMap(TableState::table, table -> table));
    Map<String, String> views = new HashMap<>();
    sql.rows(
        row -> views.put(row.getString(1), row.getString(2)),
        "SELECT view_name, digest FROM medallion_views WHERE star = ?",
        star);
    List<LedgerRow> lastLoad =
        sql.rows(
            LoadControl::loaded,
            """
            SELECT star, load_number, table_name, from_version, table_id, to_version, rows_inserted,
              rows_updated, rows_deleted, rows_after, run_id, loaded_at
            FROM medallion_loads
            WHERE star = ? AND load_number =
              (SELECT max(load_number) FROM medallion_loads WHERE star = ?)
            ORDER BY load_position""",
            star,
            star);
    return new WarehouseState(tables, views, lastLoad);
  }

  private static LedgerRow loaded(ResultSet row) throws SQLException {
    long from = row.getLong(4);
    OptionalLong fromVersion = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(from);
    return new LedgerRow(
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        fromVersion,
        new GoldVersion(row.getString(5), row.getLong(6)),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getString(11),
        row.getTimestamp(12).toLocalDateTime().toInstant(ZoneOffset.UTC));
  }

  /**
   * Registers a table that a load is about to replace, unless it is registered already.
   *
   * @throws LakeException where there is a table of that name that no load has created
   */
  public void register(String star, Replacement load) {
    String table = load.table().name();
    boolean registered =
        sql.number("SELECT count(*) FROM medallion_tables WHERE table_name = ?", table) > 0;
    if (registered) {
      return;
    }
    if (sql.exists(table)) {
      throw new LakeException(
          "the warehouse has a table " + table + " that no load of Medallion made",
          "rename or drop it");
    }
    sql.run(
        "MERGE INTO medallion_tables t USING (SELECT ? AS table_name, ? AS star) n"
            + " ON t.table_name = n.table_name"
            + " WHEN NOT MATCHED THEN INSERT (table_name, star, table_id, version, layout)"
            + " VALUES (n.table_name, n.star, '', "
            + NOT_LOADED
            + ", '')",
        table,
        star);
  }

  /**
   * Checks that a table has the version that a load starts from.
   *
   * @throws StaleLoadException where it has another
   */
  public void expect(TableLoad load) {
    List<GoldVersion> recorded =
        sql.rows(
            row -> new GoldVersion(row.getString(1), row.getLong(2)),
            "SELECT table_id, version FROM medallion_tables"
                + " WHERE table_name = ? AND version >= 0",
            load.table().name());
    if (!recorded.equals(load.from().stream().toList())) {
      throw stale(load);
    }
  }

  private static StaleLoadException stale(TableLoad load) {
    return new StaleLoadException(
        "%s does not hold %s any more, from which the load starts"
            .formatted(
                load.table().name(), load.from().map(GoldVersion::toString).orElse("nothing")));
  }

  /**
   * Advances a table to the load's version, and locks its row until the transaction ends.
   *
   * @throws StaleLoadException where the table does not have the version that the load starts from
   */
  public void advance(String star, TableLoad load) {
    String table = load.table().name();
    long advanced =
        sql.run(
            "UPDATE medallion_tables SET star = ?, table_id = ?, version = ?, layout = ?"
                + " WHERE table_name = ? AND table_id = ? AND version = ?",
            star,
            load.to().tableId(),
            load.to().version(),
            load.table().layout().json(),
            table,
            load.from().map(GoldVersion::tableId).orElse(""),
            load.from().map(GoldVersion::version).orElse(NOT_LOADED));
    if (advanced > 1) {
      throw new LakeException(
          "medallion_tables has " + advanced + " rows for " + table,
          "delete all but one of them, and load everything anew with --full");
    }
    if (advanced == 0) {
      throw stale(load);
    }
  }

  /**
   * Records what a load did to one table.
   *
   * @param position of the table among those of the load, from 0
   */
  public void record(LedgerRow row, long position) {
    sql.run(
        "INSERT INTO medallion_loads (star, load_number, load_position, table_name, table_id,"
            + " from_version, to_version, rows_inserted, rows_updated, rows_deleted, rows_after,"
            + " run_id, loaded_at)"
            + " SELECT ?, ?, ?, ?, ?, "
            + (row.fromVersion().isPresent() ? row.fromVersion().getAsLong() : "NULL")
            + ", ?, ?, ?, ?, ?, ?, CAST(? AS "
            + sql.dialect().type(DataTypes.TimestampType)
            + ")",
        row.star(),
        row.load(),
        position,
        row.table(),
        row.to().tableId(),
        row.to().version(),
        row.inserted(),
        row.updated(),
        row.deleted(),
        row.rowsAfter(),
        row.runId(),
        INSTANT.format(row.loadedAt()));
  }

  /**
   * Creates or replaces the star's views whose definition changed, and drops those that the load no
   * longer has. Snowflake commits each by itself.
   */
  public void views(StarLoad load) {
    Map<String, String> recorded = new HashMap<>(state(load.star()).views());
    boolean columnsMayDiffer = load.tables().stream().anyMatch(Replacement.class::isInstance);
    for (SemanticView view : load.views()) {
      String name = sql.dialect().name(view.name());
      boolean changed = !view.digest().equals(recorded.remove(view.name()));
      if (changed) {
        sql.define("CREATE OR REPLACE VIEW " + name + " AS\n" + view.sql());
        sql.define("COMMENT ON VIEW " + name + " IS " + sql.dialect().text(view.description()));
      }
      if (changed || columnsMayDiffer) {
        // A view is bound when it is asked, so a table's new columns may have broken one.
        sql.rows(row -> row, "SELECT * FROM " + name + " LIMIT 0");
      }
      if (changed) {
        sql.run(
            "MERGE INTO medallion_views t USING (SELECT ? AS view_name, ? AS star, ? AS digest) n"
                + " ON t.view_name = n.view_name"
                + " WHEN MATCHED THEN UPDATE SET star = n.star, digest = n.digest"
                + " WHEN NOT MATCHED THEN INSERT (view_name, star, digest)"
                + " VALUES (n.view_name, n.star, n.digest)",
            view.name(),
            load.star(),
            view.digest());
      }
    }
    for (String gone : recorded.keySet()) {
      sql.define("DROP VIEW IF EXISTS " + sql.dialect().name(gone));
      sql.run("DELETE FROM medallion_views WHERE view_name = ?", gone);
    }
  }
}

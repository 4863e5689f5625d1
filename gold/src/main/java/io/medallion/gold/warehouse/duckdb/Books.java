package io.medallion.gold.warehouse.duckdb;

import io.medallion.gold.warehouse.GoldVersion;
import io.medallion.gold.warehouse.LedgerRow;
import io.medallion.gold.warehouse.SemanticView;
import io.medallion.gold.warehouse.StaleLoadException;
import io.medallion.gold.warehouse.StarLoad;
import io.medallion.gold.warehouse.TableLoad;
import io.medallion.gold.warehouse.TableState;
import io.medallion.gold.warehouse.WarehouseState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The three tables in which the warehouse keeps books. */
final class Books {
  private static final List<String> DEFINITIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS medallion_tables (
            table_name VARCHAR PRIMARY KEY,
            star VARCHAR NOT NULL,
            table_id VARCHAR NOT NULL,
            version BIGINT NOT NULL,
            layout VARCHAR NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS medallion_loads (
            star VARCHAR NOT NULL,
            load_number BIGINT NOT NULL,
            table_name VARCHAR NOT NULL,
            table_id VARCHAR NOT NULL,
            from_version BIGINT,
            to_version BIGINT NOT NULL,
            rows_inserted BIGINT NOT NULL,
            rows_updated BIGINT NOT NULL,
            rows_deleted BIGINT NOT NULL,
            rows_after BIGINT NOT NULL,
            run_id VARCHAR NOT NULL,
            loaded_at TIMESTAMP NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS medallion_views (
            view_name VARCHAR PRIMARY KEY,
            star VARCHAR NOT NULL,
            digest VARCHAR NOT NULL)\
          """,
          "COMMENT ON TABLE medallion_tables IS 'Which version of gold each table holds'",
          "COMMENT ON TABLE medallion_loads IS 'What each load did to each table'",
          "COMMENT ON TABLE medallion_views IS 'Which definition each view has'");

  private final Sql sql;

  Books(Sql sql) {
    this.sql = sql;
  }

  void open() {
    if (!kept()) {
      DEFINITIONS.forEach(sql::define);
    }
  }

  private boolean kept() {
    return sql.number("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'medallion_views'")
        == 1;
  }

  WarehouseState state(String star) {
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
                "SELECT table_name, table_id, version, layout FROM medallion_tables WHERE star = ?",
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
            Books::loaded,
            """
            SELECT star, load_number, table_name, from_version, table_id, to_version, rows_inserted,
              rows_updated, rows_deleted, rows_after, run_id, loaded_at
            FROM medallion_loads
            WHERE star = ? AND load_number =
              (SELECT max(load_number) FROM medallion_loads WHERE star = ?)
            ORDER BY rowid\
            """,
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
        row.getObject(12, LocalDateTime.class).toInstant(ZoneOffset.UTC));
  }

  /**
   * Books that a table now holds the load's version.
   *
   * @throws StaleLoadException where it does not hold the version that the load starts from
   */
  void move(String star, TableLoad load) {
    String table = load.table().name();
    List<GoldVersion> held =
        sql.rows(
            row -> new GoldVersion(row.getString(1), row.getLong(2)),
            "SELECT table_id, version FROM medallion_tables WHERE table_name = ?",
            table);
    if (!held.equals(load.from().stream().toList())) {
      throw new StaleLoadException(
          "%s holds %s, and the load starts from %s".formatted(table, held, load.from()));
    }
    sql.run(
        "INSERT OR REPLACE INTO medallion_tables VALUES (?, ?, ?, ?, ?)",
        table,
        star,
        load.to().tableId(),
        load.to().version(),
        load.table().layout().json());
  }

  void enter(LedgerRow row) {
    sql.run(
        "INSERT INTO medallion_loads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.star(),
        row.load(),
        row.table(),
        row.to().tableId(),
        row.fromVersion().isPresent() ? row.fromVersion().getAsLong() : null,
        row.to().version(),
        row.inserted(),
        row.updated(),
        row.deleted(),
        row.rowsAfter(),
        row.runId(),
        LocalDateTime.ofInstant(row.loadedAt(), ZoneOffset.UTC));
  }

  /** Makes the star's views what the load says, and leaves those alone that are so already. */
  void views(StarLoad load) {
    Map<String, String> held = new HashMap<>(state(load.star()).views());
    for (SemanticView view : load.views()) {
      if (!view.digest().equals(held.remove(view.name()))) {
        sql.define("CREATE OR REPLACE VIEW " + Sql.name(view.name()) + " AS\n" + view.sql());
        sql.define(
            "COMMENT ON VIEW " + Sql.name(view.name()) + " IS " + Sql.text(view.description()));
        sql.run(
            "INSERT OR REPLACE INTO medallion_views VALUES (?, ?, ?)",
            view.name(),
            load.star(),
            view.digest());
      }
    }
    for (String gone : held.keySet()) {
      sql.define("DROP VIEW IF EXISTS " + Sql.name(gone));
      sql.run("DELETE FROM medallion_views WHERE view_name = ?", gone);
    }
    // A view is bound when it is asked, so a table's new columns may have broken one.
    for (SemanticView view : load.views()) {
      sql.rows(row -> row, "SELECT * FROM " + Sql.name(view.name()) + " LIMIT 0");
    }
  }
}

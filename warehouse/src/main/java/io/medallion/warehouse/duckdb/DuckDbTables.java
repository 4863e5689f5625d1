package io.medallion.warehouse.duckdb;

import static io.medallion.warehouse.duckdb.DuckDbSql.DIALECT;

import io.medallion.core.ledger.ConservationException;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.LoadRows;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.TableLoad.Increment;
import io.medallion.warehouse.TableLoad.Replacement;
import io.medallion.warehouse.jdbc.CountedTable;
import io.medallion.warehouse.layout.TargetColumn;
import io.medallion.warehouse.layout.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** The star's tables: filled, changed and counted within the transaction of a load. */
final class DuckDbTables {
  private static final String HANDED_OVER = "handed_over";

  private final Connection connection;
  private final DuckDbSql sql;
  private final ParquetStage stage;

  /**
   * @param stage where Spark leaves what is not in memory
   */
  DuckDbTables(Connection connection, DuckDbSql sql, ParquetStage stage) {
    this.connection = connection;
    this.sql = sql;
    this.stage = stage;
  }

  /**
   * Applies what a load does to one table.
   *
   * @return what was done, counted here
   * @throws ConservationException where rows went missing or are too many
   */
  LedgerRow apply(StarLoad star, TableLoad load) throws SQLException {
    if (load instanceof Replacement replacement) {
      return LedgerRow.replaced(
          star, replacement, replace(replacement, stage.put(replacement.rows())));
    }
    Increment increment = (Increment) load;
    CountedTable table = new CountedTable(sql, load.table());
    if (increment.count() > 0) {
      handOver(increment.rows());
      table.merge(increment, HANDED_OVER);
      sql.define("DROP TABLE " + HANDED_OVER);
    }
    table.has(load.rowsAfter());
    return LedgerRow.changed(star, increment);
  }

  /** As a table, so that it is read once and not by each of the counts. */
  private void handOver(LoadRows rows) throws SQLException {
    if (rows instanceof LoadRows.Planned planned) {
      String source = stage.put(planned.rows());
      sql.define("CREATE OR REPLACE TEMP TABLE " + HANDED_OVER + " AS SELECT * FROM " + source);
    } else {
      AppendedRows.into(HANDED_OVER, (LoadRows.Collected) rows, connection, sql);
    }
  }

  /** Fills a table beside the one that is there, and puts it in its place. */
  private long replace(Replacement load, String source) {
    TargetTable table = load.table();
    CountedTable counted = new CountedTable(sql, table);
    long before = sql.exists(table.name()) ? counted.rows() : 0;
    String beside = table.name() + "__next";
    sql.define("DROP TABLE IF EXISTS " + DIALECT.name(beside));
    sql.define("CREATE TABLE " + DIALECT.name(beside) + " (\n  " + columns(table) + ")");
    counted.insert(beside, source);
    counted.arrived(DIALECT.name(beside), load.rowsAfter());
    sql.define("DROP TABLE IF EXISTS " + DIALECT.name(table.name()));
    sql.define("ALTER TABLE " + DIALECT.name(beside) + " RENAME TO " + DIALECT.name(table.name()));
    comment(table);
    return before;
  }

  private static String columns(TargetTable table) {
    return table.columns().stream()
        .map(
            column ->
                DIALECT.name(column.name())
                    + " "
                    + DIALECT.type(column.type())
                    + (column.nullable() && !table.primaryKey().contains(column.name())
                        ? ""
                        : " NOT NULL"))
        .collect(Collectors.joining(",\n  "));
  }

  private void comment(TargetTable table) {
    if (!table.description().isBlank()) {
      sql.define(
          "COMMENT ON TABLE "
              + DIALECT.name(table.name())
              + " IS "
              + DIALECT.text(table.description()));
    }
    for (TargetColumn column : table.columns()) {
      if (!column.comment().isBlank()) {
        sql.define(
            "COMMENT ON COLUMN %s.%s IS %s"
                .formatted(
                    DIALECT.name(table.name()),
                    DIALECT.name(column.name()),
                    DIALECT.text(column.comment())));
      }
    }
  }
}

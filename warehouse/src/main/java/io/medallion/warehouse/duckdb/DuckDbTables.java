package io.medallion.warehouse.duckdb;

import static io.medallion.warehouse.duckdb.DuckDbSql.DIALECT;

import io.medallion.core.ledger.ConservationException;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.TableLoad.Increment;
import io.medallion.warehouse.TableLoad.Replacement;
import io.medallion.warehouse.TargetColumn;
import io.medallion.warehouse.TargetTable;
import io.medallion.warehouse.jdbc.CountedTable;
import java.util.stream.Collectors;

/** The star's tables: filled, changed and counted within the transaction of a load. */
final class DuckDbTables {
  private final DuckDbSql sql;

  DuckDbTables(DuckDbSql sql) {
    this.sql = sql;
  }

  /**
   * Applies what {@code source} holds of a load.
   *
   * @param source the FROM clause's table: the rows to load, columns by name
   * @return what was done, counted here
   * @throws ConservationException where rows went missing or are too many
   */
  LedgerRow apply(StarLoad star, TableLoad load, String source) {
    if (load instanceof Replacement replacement) {
      return LedgerRow.replaced(star, replacement, replace(replacement, source));
    }
    Increment increment = (Increment) load;
    CountedTable table = new CountedTable(sql, load.table());
    if (increment.count() > 0) {
      // Read once, and not by each of the counts.
      sql.define("CREATE OR REPLACE TEMP TABLE handed_over AS SELECT * FROM " + source);
      table.merge(increment, "handed_over");
      sql.define("DROP TABLE handed_over");
    }
    table.has(load.rowsAfter());
    return LedgerRow.changed(star, increment);
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

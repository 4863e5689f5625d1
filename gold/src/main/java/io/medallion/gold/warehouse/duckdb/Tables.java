package io.medallion.gold.warehouse.duckdb;

import io.medallion.core.LakeException;
import io.medallion.core.ledger.ConservationException;
import io.medallion.gold.warehouse.LedgerRow;
import io.medallion.gold.warehouse.StarLoad;
import io.medallion.gold.warehouse.TableLoad;
import io.medallion.gold.warehouse.TableLoad.Increment;
import io.medallion.gold.warehouse.TableLoad.Replacement;
import io.medallion.gold.warehouse.TargetColumn;
import io.medallion.gold.warehouse.TargetTable;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The star's tables: filled, changed and counted within the transaction of a load. */
final class Tables {
  private final Sql sql;

  Tables(Sql sql) {
    this.sql = sql;
  }

  /**
   * Applies what {@code source} holds of a load.
   *
   * @param source what stands after FROM: the rows handed over, columns by name
   * @return what was done, counted here
   * @throws ConservationException where rows went missing or are too many
   */
  LedgerRow apply(StarLoad star, TableLoad load, String source) {
    if (load instanceof Replacement replacement) {
      return replace(star, replacement, source);
    }
    return change(star, (Increment) load, source);
  }

  private LedgerRow replace(StarLoad star, Replacement load, String source) {
    TargetTable table = load.table();
    boolean exists = exists(table);
    if (exists && load.from().isEmpty()) {
      throw new LakeException(
          "the warehouse has a table " + table.name() + " that no load of Medallion made",
          "rename or drop it");
    }
    long before = exists ? count(table.name()) : 0;
    String beside = table.name() + "__next";
    sql.define("DROP TABLE IF EXISTS " + Sql.name(beside));
    sql.define("CREATE TABLE " + Sql.name(beside) + " (\n  " + columns(table) + ")");
    String names = Sql.names(table.columnNames());
    long arrived =
        sql.run(
            "INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(Sql.name(beside), names, names, source));
    same(table, "rows arrived", arrived, load.rowsAfter());
    same(table, "different keys arrived", keys(table, Sql.name(beside)), arrived);
    sql.define("DROP TABLE IF EXISTS " + Sql.name(table.name()));
    sql.define("ALTER TABLE " + Sql.name(beside) + " RENAME TO " + Sql.name(table.name()));
    comment(table);
    return row(star, load, OptionalLong.empty(), arrived, 0, before);
  }

  private LedgerRow change(StarLoad star, Increment load, String source) {
    TargetTable table = load.table();
    if (load.count() > 0) {
      merge(load, source);
    }
    same(table, "rows are there afterwards", count(table.name()), load.rowsAfter());
    return row(
        star,
        load,
        OptionalLong.of(load.from().orElseThrow().version()),
        load.inserted(),
        load.updated(),
        load.deleted());
  }

  private void merge(Increment load, String source) {
    TargetTable table = load.table();
    sql.define("CREATE OR REPLACE TEMP TABLE handed_over AS SELECT * FROM " + source);
    same(table, "changes arrived", count("handed_over"), load.count());
    same(table, "different keys arrived", keys(table, "handed_over"), load.count());
    String match = match(table);
    // Counted against the table as it is: a MERGE alone takes an insert of a row that is there
    // already for nothing to do.
    String found =
        "SELECT count(*) FROM handed_over n WHERE n.\"%s\" = ? AND %s EXISTS (SELECT 1 FROM %s t"
            + " WHERE %s)";
    String target = Sql.name(table.name());
    same(
        table,
        "rows to insert are new",
        sql.number(found.formatted(TableLoad.OPERATION, "NOT", target, match), "insert"),
        load.inserted());
    same(
        table,
        "rows to update are there",
        sql.number(found.formatted(TableLoad.OPERATION, "", target, match), "update"),
        load.updated());
    same(
        table,
        "rows to delete are there",
        sql.number(found.formatted(TableLoad.OPERATION, "", target, match), "delete"),
        load.deleted());
    long merged = sql.run(mergeStatement(table, match));
    same(table, "rows changed", merged, load.count());
    sql.define("DROP TABLE handed_over");
  }

  private static String mergeStatement(TargetTable table, String match) {
    String set =
        table.columnNames().stream()
            .filter(name -> !table.primaryKey().contains(name))
            .map(name -> Sql.name(name) + " = n." + Sql.name(name))
            .collect(Collectors.joining(", "));
    String values =
        table.columnNames().stream()
            .map(name -> "n." + Sql.name(name))
            .collect(Collectors.joining(", "));
    String operation = "n." + Sql.name(TableLoad.OPERATION);
    StringBuilder merge =
        new StringBuilder("MERGE INTO " + Sql.name(table.name()) + " t USING handed_over n ON ")
            .append(match)
            .append("\nWHEN MATCHED AND " + operation + " = 'delete' THEN DELETE");
    if (!set.isEmpty()) {
      merge.append("\nWHEN MATCHED AND " + operation + " = 'update' THEN UPDATE SET " + set);
    }
    return merge
        .append("\nWHEN NOT MATCHED AND " + operation + " = 'insert' THEN INSERT (")
        .append(Sql.names(table.columnNames()))
        .append(") VALUES (" + values + ")")
        .toString();
  }

  private static String match(TargetTable table) {
    return table.primaryKey().stream()
        .map(key -> "t." + Sql.name(key) + " = n." + Sql.name(key))
        .collect(Collectors.joining(" AND "));
  }

  private boolean exists(TargetTable table) {
    return sql.number(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = ? AND schema_name = 'main'",
            table.name())
        > 0;
  }

  private long count(String table) {
    return sql.number("SELECT count(*) FROM " + Sql.name(table));
  }

  private long keys(TargetTable table, String rows) {
    return sql.number(
        "SELECT count(*) FROM (SELECT DISTINCT "
            + Sql.names(table.primaryKey())
            + " FROM "
            + rows
            + ")");
  }

  private static String columns(TargetTable table) {
    return table.columns().stream()
        .map(
            column ->
                Sql.name(column.name())
                    + " "
                    + Sql.type(column.type())
                    + (column.nullable() && !table.primaryKey().contains(column.name())
                        ? ""
                        : " NOT NULL"))
        .collect(Collectors.joining(",\n  "));
  }

  private void comment(TargetTable table) {
    if (!table.description().isBlank()) {
      sql.define(
          "COMMENT ON TABLE " + Sql.name(table.name()) + " IS " + Sql.text(table.description()));
    }
    for (TargetColumn column : table.columns()) {
      if (!column.comment().isBlank()) {
        sql.define(
            "COMMENT ON COLUMN %s.%s IS %s"
                .formatted(
                    Sql.name(table.name()), Sql.name(column.name()), Sql.text(column.comment())));
      }
    }
  }

  private static void same(TargetTable table, String what, long counted, long expected) {
    if (counted != expected) {
      throw new ConservationException(
          "Of "
              + table.name()
              + " "
              + counted
              + " "
              + what
              + " where it should be "
              + expected
              + ". Nothing was loaded. If something else has changed the table, load everything"
              + " anew with --full.");
    }
  }

  private static LedgerRow row(
      StarLoad star, TableLoad load, OptionalLong from, long inserted, long updated, long deleted) {
    return new LedgerRow(
        star.star(),
        star.load(),
        load.table().name(),
        from,
        load.to(),
        inserted,
        updated,
        deleted,
        load.rowsAfter(),
        star.runId(),
        star.startedAt());
  }
}

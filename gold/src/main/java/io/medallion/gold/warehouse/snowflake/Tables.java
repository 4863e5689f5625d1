package io.medallion.gold.warehouse.snowflake;

import io.medallion.core.ledger.ConservationException;
import io.medallion.gold.warehouse.LedgerRow;
import io.medallion.gold.warehouse.StarLoad;
import io.medallion.gold.warehouse.TableLoad;
import io.medallion.gold.warehouse.TableLoad.Increment;
import io.medallion.gold.warehouse.TargetTable;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The rows of the star's tables: changed and counted within the transaction of a load. */
final class Tables {
  private final Sql sql;

  Tables(Sql sql) {
    this.sql = sql;
  }

  /**
   * Takes over what a load table holds; an increment without changes has none.
   *
   * @return what was done, counted here
   * @throws ConservationException where rows went missing or are too many
   */
  LedgerRow apply(StarLoad star, LoadTable source) {
    TableLoad load = source.load();
    if (load instanceof Increment increment) {
      return change(star, increment, source);
    }
    TargetTable table = load.table();
    String target = Sql.name(table.name());
    long before = count(target);
    long arrived = count(source.name());
    same(table, "rows arrived", arrived, load.rowsAfter());
    same(table, "different keys arrived", keys(table, source.name()), arrived);
    String names = Sql.names(table.columnNames());
    sql.run("DELETE FROM " + target);
    sql.run("INSERT INTO %s (%s) SELECT %s FROM %s".formatted(target, names, names, source.rows()));
    same(table, "rows are there afterwards", count(target), load.rowsAfter());
    return row(star, load, OptionalLong.empty(), arrived, 0, before);
  }

  private LedgerRow change(StarLoad star, Increment load, LoadTable source) {
    TargetTable table = load.table();
    if (load.count() > 0) {
      merge(load, source);
    }
    same(table, "rows are there afterwards", count(Sql.name(table.name())), load.rowsAfter());
    return row(
        star,
        load,
        OptionalLong.of(load.from().orElseThrow().version()),
        load.inserted(),
        load.updated(),
        load.deleted());
  }

  private void merge(Increment load, LoadTable source) {
    TargetTable table = load.table();
    same(table, "changes arrived", count(source.name()), load.count());
    same(table, "different keys arrived", keys(table, source.name()), load.count());
    // Counted against the table as it is: a MERGE alone takes an insert of a row that is there
    // already for nothing to do.
    String found =
        "SELECT count(*) FROM "
            + source.rows()
            + " n LEFT JOIN "
            + Sql.name(table.name())
            + " t ON "
            + match(table)
            + " WHERE n."
            + Sql.name(TableLoad.OPERATION)
            + " = ? AND t."
            + Sql.name(table.primaryKey().get(0))
            + " IS ";
    same(table, "rows to insert are new", sql.number(found + "NULL", "insert"), load.inserted());
    same(
        table,
        "rows to update are there",
        sql.number(found + "NOT NULL", "update"),
        load.updated());
    same(
        table,
        "rows to delete are there",
        sql.number(found + "NOT NULL", "delete"),
        load.deleted());
    same(table, "rows changed", sql.run(statement(table, source)), load.count());
  }

  private static String statement(TargetTable table, LoadTable source) {
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
        new StringBuilder("MERGE INTO " + Sql.name(table.name()) + " t USING " + source.rows())
            .append(" n ON ")
            .append(match(table))
            .append(" WHEN MATCHED AND " + operation + " = 'delete' THEN DELETE");
    if (!set.isEmpty()) {
      merge.append(" WHEN MATCHED AND " + operation + " = 'update' THEN UPDATE SET " + set);
    }
    return merge
        .append(" WHEN NOT MATCHED AND " + operation + " = 'insert' THEN INSERT (")
        .append(Sql.names(table.columnNames()))
        .append(") VALUES (" + values + ")")
        .toString();
  }

  private static String match(TargetTable table) {
    return table.primaryKey().stream()
        .map(key -> "t." + Sql.name(key) + " = n." + Sql.name(key))
        .collect(Collectors.joining(" AND "));
  }

  private long count(String table) {
    return sql.number("SELECT count(*) FROM " + table);
  }

  private long keys(TargetTable table, String rows) {
    return sql.number(
        "SELECT count(*) FROM (SELECT DISTINCT "
            + Sql.names(table.primaryKey())
            + " FROM "
            + rows
            + ")");
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
              + ". Nothing was loaded. If something else has changed the table, load everything anew"
              + " with --full.");
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

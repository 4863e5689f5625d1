package io.medallion.warehouse.jdbc;

import io.medallion.core.ledger.ConservationException;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.TableLoad.Increment;
import io.medallion.warehouse.layout.TargetTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of the star's tables, changed within the transaction of a load. Every step counts the rows
 * that it changed and compares the number with gold's.
 */
public final class CountedTable {
  private final Statements sql;
  private final TargetTable table;
  private final String name;

  public CountedTable(Statements sql, TargetTable table) {
    this.sql = sql;
    this.table = table;
    this.name = sql.dialect().name(table.name());
  }

  /** Rows that the table has now. */
  public long rows() {
    return sql.number("SELECT count(*) FROM " + name);
  }

  /**
   * Verifies that exactly so many rows arrived, with different keys.
   *
   * @param source the FROM clause's table
   * @throws ConservationException where rows went missing or are too many
   */
  public void arrived(String source, long expected) {
    arrived("rows", source, expected);
  }

  private void arrived(String what, String source, long expected) {
    String keys = sql.dialect().names(table.primaryKey());
    List<Long> counts =
        sql.numbers(
            "SELECT sum(n), count(*) FROM (SELECT count(*) AS n FROM %s GROUP BY %s)"
                .formatted(source, keys));
    same(what + " arrived", counts.get(0), expected);
    same("different keys arrived", counts.get(1), expected);
  }

  /**
   * Verifies that the table has exactly so many rows now.
   *
   * @throws ConservationException where it has more or fewer
   */
  public void has(long expected) {
    same("rows are there afterwards", rows(), expected);
  }

  /**
   * Takes all rows of {@code source} over by column names.
   *
   * @param into the table's name, or that of one beside it with the same columns
   */
  public void insert(String into, String source) {
    String names = sql.dialect().names(table.columnNames());
    sql.run(
        "INSERT INTO %s (%s) SELECT %s FROM %s"
            .formatted(sql.dialect().name(into), names, names, source));
  }

  /**
   * Applies the inserts, updates and deletes of {@code source}.
   *
   * @param source the FROM clause's table: the changes of {@code load}, columns by name
   * @throws ConservationException where changes went missing or are too many, a row to insert is
   *     there already, or one to update or delete is not
   */
  public void merge(Increment load, String source) {
    arrived("changes", source, load.count());
    // Counted before the MERGE, which silently skips the insert of a row that exists already.
    List<Long> found =
        sql.numbers(
            "SELECT %s, %s, %s FROM %s n LEFT JOIN %s t ON %s"
                .formatted(
                    found("insert", "NULL"),
                    found("update", "NOT NULL"),
                    found("delete", "NOT NULL"),
                    source,
                    name,
                    match()));
    same("rows to insert are new", found.get(0), load.inserted());
    same("rows to update are there", found.get(1), load.updated());
    same("rows to delete are there", found.get(2), load.deleted());
    same("rows changed", sql.run(mergeOf(source)), load.count());
  }

  private String found(String operation, String key) {
    return "count(CASE WHEN n.%s = %s AND t.%s IS %s THEN 1 END)"
        .formatted(
            sql.dialect().name(TableLoad.OPERATION),
            sql.dialect().text(operation),
            sql.dialect().name(table.primaryKey().get(0)),
            key);
  }

  private String mergeOf(String source) {
    List<String> rest =
        table.columnNames().stream().filter(c -> !table.primaryKey().contains(c)).toList();
    String operation = "n." + sql.dialect().name(TableLoad.OPERATION);
    StringBuilder merge =
        new StringBuilder("MERGE INTO %s t USING %s n ON %s".formatted(name, source, match()))
            .append(" WHEN MATCHED AND " + operation + " = 'delete' THEN DELETE");
    if (!rest.isEmpty()) {
      merge
          .append(" WHEN MATCHED AND " + operation + " = 'update' THEN UPDATE SET ")
          .append(each(rest, "%1$s = n.%1$s", ", "));
    }
    return merge
        .append(" WHEN NOT MATCHED AND " + operation + " = 'insert' THEN INSERT (")
        .append(sql.dialect().names(table.columnNames()))
        .append(") VALUES (" + each(table.columnNames(), "n.%s", ", ") + ")")
        .toString();
  }

  private String match() {
    return each(table.primaryKey(), "t.%1$s = n.%1$s", " AND ");
  }

  private String each(List<String> columns, String form, String between) {
    return columns.stream()
        .map(column -> form.formatted(sql.dialect().name(column)))
        .collect(Collectors.joining(between));
  }

  private void same(String what, long counted, long expected) {
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
}

package io.medallion.warehouse.snowflake;

import static io.medallion.warehouse.snowflake.SnowflakeSql.DIALECT;

import io.medallion.core.LakeException;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.TableLoad.Replacement;
import io.medallion.warehouse.jdbc.LoadControl;
import io.medallion.warehouse.layout.TargetColumn;
import io.medallion.warehouse.layout.TargetTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The definitions of the star's tables. Each commits by itself, so they come in two halves around a
 * load's transaction: before it what the new rows need and the old ones bear, after it what only
 * the new ones bear. A load that ends between leaves tables that the next one goes on with.
 */
final class Definitions {
  private final SnowflakeSql sql;
  private final LoadControl loadControl;
  private final String star;

  Definitions(SnowflakeSql sql, LoadControl loadControl, String star) {
    this.sql = sql;
    this.loadControl = loadControl;
    this.star = star;
  }

  /**
   * Makes room for a load's rows.
   *
   * @throws LakeException where somebody else has made a table of that name, or a column's type
   *     would have to change
   */
  void before(TableLoad load) {
    if (!(load instanceof Replacement replacement)) {
      return;
    }
    TargetTable table = load.table();
    loadControl.register(star, replacement);
    if (!sql.exists(table.name())) {
      sql.define(creation(table));
      return;
    }
    Map<String, Boolean> held = columns(table);
    for (TargetColumn column : table.columns()) {
      if (!held.containsKey(column.name())) {
        sql.define(
            alter(table)
                + " ADD COLUMN "
                + DIALECT.name(column.name())
                + " "
                + DIALECT.type(column.type())
                + comment(column));
      }
    }
    held.forEach(
        (name, nullable) -> {
          if (!table.columnNames().contains(name) && !nullable) {
            sql.define(alter(table) + " ALTER COLUMN " + DIALECT.name(name) + " DROP NOT NULL");
          }
        });
    widen(table);
  }

  private void widen(TargetTable table) {
    StructType held =
        Optional.ofNullable(loadControl.state(star).tables().get(table.name()))
            .map(state -> state.layout())
            .orElseGet(table::layout);
    for (TargetColumn column : table.columns()) {
      for (StructField before : held.fields()) {
        if (before.name().equals(column.name()) && !before.dataType().equals(column.type())) {
          if (!growsInPlace(before.dataType(), column.type())) {
            throw new LakeException(
                "Snowflake cannot turn column %s of %s from %s into %s"
                    .formatted(
                        column.name(), table.name(), before.dataType().sql(), column.type().sql()),
                "drop the table " + table.name() + " there, and load everything anew with --full");
          }
          sql.define(
              alter(table)
                  + " ALTER COLUMN "
                  + DIALECT.name(column.name())
                  + " SET DATA TYPE "
                  + DIALECT.type(column.type()));
        }
      }
    }
  }

  /** Snowflake lets whole digits grow, and nothing else. */
  private static boolean growsInPlace(DataType from, DataType to) {
    if (from instanceof DecimalType narrow && to instanceof DecimalType wide) {
      return wide.scale() == narrow.scale() && wide.precision() >= narrow.precision();
    }
    return from.sql().equals("INT") && to.sql().equals("BIGINT");
  }

  /** Takes away what only the rows before the load needed. */
  void after(TableLoad load) {
    if (!(load instanceof Replacement)) {
      return;
    }
    TargetTable table = load.table();
    Map<String, Boolean> held = columns(table);
    held.forEach(
        (name, nullable) -> {
          if (!table.columnNames().contains(name)) {
            sql.define(alter(table) + " DROP COLUMN " + DIALECT.name(name));
          }
        });
    for (TargetColumn column : table.columns()) {
      if (notNull(table, column) && held.get(column.name())) {
        sql.define(alter(table) + " ALTER COLUMN " + DIALECT.name(column.name()) + " SET NOT NULL");
      }
    }
    if (!load.from().isEmpty()) {
      comments(table);
    }
  }

  private void comments(TargetTable table) {
    sql.define(
        "COMMENT ON TABLE "
            + DIALECT.name(table.name())
            + " IS "
            + DIALECT.text(table.description()));
    for (TargetColumn column : table.columns()) {
      sql.define(
          "COMMENT ON COLUMN %s.%s IS %s"
              .formatted(
                  DIALECT.name(table.name()),
                  DIALECT.name(column.name()),
                  DIALECT.text(column.comment())));
    }
  }

  /** Columns that the table has, each with whether it takes NULL. */
  private Map<String, Boolean> columns(TargetTable table) {
    Map<String, Boolean> columns = new LinkedHashMap<>();
    sql.rows(
        row ->
            columns.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2).equals("YES")),
        "SELECT column_name, is_nullable FROM information_schema.columns"
            + " WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position",
        table.name().toUpperCase(Locale.ROOT));
    return columns;
  }

  private static String creation(TargetTable table) {
    List<String> lines = new ArrayList<>();
    for (TargetColumn column : table.columns()) {
      lines.add(
          DIALECT.name(column.name())
              + " "
              + DIALECT.type(column.type())
              + (notNull(table, column) ? " NOT NULL" : "")
              + comment(column));
    }
    lines.add("PRIMARY KEY (" + DIALECT.names(table.primaryKey()) + ")");
    table
        .foreignKeys()
        .forEach(
            key ->
                lines.add(
                    "FOREIGN KEY (%s) REFERENCES %s (%s)"
                        .formatted(
                            DIALECT.name(key.column()),
                            DIALECT.name(key.table()),
                            DIALECT.name(key.key()))));
    String clustering =
        table.clusteringKeys().isEmpty()
            ? ""
            : "\nCLUSTER BY (" + DIALECT.names(table.clusteringKeys()) + ")";
    return "CREATE TABLE IF NOT EXISTS "
        + DIALECT.name(table.name())
        + " (\n  "
        + String.join(",\n  ", lines)
        + ")"
        + clustering
        + "\nCOMMENT = "
        + DIALECT.text(table.description());
  }

  private static boolean notNull(TargetTable table, TargetColumn column) {
    return !column.nullable() || table.primaryKey().contains(column.name());
  }

  private static String comment(TargetColumn column) {
    return column.comment().isBlank() ? "" : " COMMENT " + DIALECT.text(column.comment());
  }

  private static String alter(TargetTable table) {
    return "ALTER TABLE " + DIALECT.name(table.name());
  }
}

package io.medallion.warehouse;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.medallion.warehouse.layout.TargetTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The net change of each key of a table: between the first version and the last a row may have been
 * inserted, updated and deleted many times, and a rebuilt table reports every row as deleted and
 * inserted.
 *
 * <p>{@link #of} asks Spark for it, {@link ImageFold} computes the same of rows in memory.
 *
 * @param rows at most one of each key; valid until {@link #close()}
 */
record NetChange(LoadRows rows, long inserted, long updated, long deleted)
    implements AutoCloseable {
  static final String CHANGE_TYPE = "_change_type";
  static final String VERSION = "_commit_version";

  /** Rows that came and rows that went, as Delta's change feed names them. */
  static final List<String> CAME = List.of("insert", "update_postimage");

  static final List<String> WENT = List.of("delete", "update_preimage");

  /**
   * Computes it, and keeps the rows in the cluster's memory and on its disks.
   *
   * @param feed Delta's change data feed of the table
   */
  static NetChange of(TargetTable table, Dataset<Row> feed) {
    Dataset<Row> rows = net(table, feed).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<String, Long> counts = new HashMap<>();
      rows.groupBy(TableLoad.OPERATION)
          .count()
          .collectAsList()
          .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
      return new NetChange(
          new LoadRows.Planned(rows),
          counts.getOrDefault("insert", 0L),
          counts.getOrDefault("update", 0L),
          counts.getOrDefault("delete", 0L));
    } catch (RuntimeException e) {
      rows.unpersist();
      throw e;
    }
  }

  private static Dataset<Row> net(TargetTable table, Dataset<Row> feed) {
    Column version = col(VERSION);
    Column[] key = table.primaryKey().stream().map(c -> col(c)).toArray(Column[]::new);
    Column image = struct(table.columnNames().stream().map(c -> col(c)).toArray(Column[]::new));
    Column gone = when(col(CHANGE_TYPE).isin(WENT.toArray()), version);
    Column come = when(col(CHANGE_TYPE).isin(CAME.toArray()), version);
    Dataset<Row> ends =
        feed.groupBy(key)
            .agg(
                min(gone).equalTo(min(version)).as("_was"),
                min_by(image, gone).as("_before"),
                max(come).equalTo(max(version)).as("_is"),
                max_by(image, come).as("_after"));
    Column was = coalesce(col("_was"), lit(false));
    Column is = coalesce(col("_is"), lit(false));
    Column operation =
        when(was.and(is).and(col("_before").eqNullSafe(col("_after"))), null)
            .when(was.and(is), "update")
            .when(is, "insert")
            .when(was, "delete");
    List<Column> columns = new ArrayList<>();
    columns.add(col(TableLoad.OPERATION));
    table.columnNames().forEach(name -> columns.add(col("_row." + name).as(name)));
    return ends.select(
            operation.as(TableLoad.OPERATION),
            when(is, col("_after")).otherwise(col("_before")).as("_row"))
        .where(col(TableLoad.OPERATION).isNotNull())
        .select(columns.toArray(Column[]::new));
  }

  /** Rows to insert, update or delete. */
  long count() {
    return inserted + updated + deleted;
  }

  @Override
  public void close() {
    if (rows instanceof LoadRows.Planned planned) {
      planned.rows().unpersist();
    }
  }
}

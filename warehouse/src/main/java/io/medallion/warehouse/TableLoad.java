package io.medallion.warehouse;

import io.medallion.warehouse.layout.TargetTable;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What one load does to one table. */
public sealed interface TableLoad {
  /** The name of the column of {@link Increment#rows()} with the operation of a row. */
  String OPERATION = "_operation";

  /** The table as it is to be afterwards. */
  TargetTable table();

  /**
   * The version that the control table must have for the load to be applied; absent where it must
   * have none.
   */
  Optional<GoldVersion> from();

  /** The table's version afterwards. */
  GoldVersion to();

  /** Rows of the table afterwards, counted in gold. */
  long rowsAfter();

  /**
   * Everything anew: the first load, another layout, or on demand. The table is filled beside the
   * one that readers see and takes its place in the load's transaction.
   *
   * @param rows all rows, with the columns of {@code table} in order; may be computed more than
   *     once
   */
  record Replacement(
      TargetTable table,
      Optional<GoldVersion> from,
      GoldVersion to,
      Dataset<Row> rows,
      long rowsAfter)
      implements TableLoad {}

  /**
   * What changed since the table's version.
   *
   * @param rows at most one row per primary key: {@link #OPERATION} ({@code insert}, {@code update}
   *     or {@code delete}), then the columns of {@code table} in order; of a deleted row the
   *     primary key alone is of use
   * @param inserted rows of {@code rows} to insert: their keys are not in the table
   * @param updated rows of {@code rows} to update: their keys are in the table
   * @param deleted rows of {@code rows} to delete: their keys are in the table
   */
  record Increment(
      TargetTable table,
      Optional<GoldVersion> from,
      GoldVersion to,
      LoadRows rows,
      long inserted,
      long updated,
      long deleted,
      long rowsAfter)
      implements TableLoad {
    public Increment {
      if (from.isEmpty()) {
        throw new IllegalArgumentException("an increment of " + table.name() + " starts from none");
      }
    }

    /** Rows to insert, update or delete; 0 where only the version is another. */
    public long count() {
      return inserted + updated + deleted;
    }
  }
}

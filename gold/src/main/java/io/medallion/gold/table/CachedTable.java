package io.medallion.gold.table;

import io.medallion.core.lake.LakeTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A table's latest rows, cached in memory where they are few.
 *
 * <p>Every scan of a Delta table costs a Spark job to find its files, and every shuffle a stage. A
 * build reads a dimension a dozen times: cached once, in one partition, it costs neither.
 */
public final class CachedTable implements AutoCloseable {
  private final LakeTable table;
  private long version = -1;
  private Dataset<Row> rows;

  public CachedTable(LakeTable table) {
    this.table = table;
  }

  LakeTable table() {
    return table;
  }

  /** The rows of the table's latest version, valid until the table has another one. */
  public synchronized Dataset<Row> rows() {
    long latest = table.version();
    if (rows == null || latest != version) {
      close();
      Dataset<Row> read = table.rowsWithin();
      rows =
          GoldTable.isSmall(table)
              ? read.coalesce(1).persist(StorageLevel.MEMORY_AND_DISK())
              : read;
      version = latest;
    }
    return rows;
  }

  @Override
  public synchronized void close() {
    if (rows != null) {
      rows.unpersist();
      rows = null;
    }
  }
}

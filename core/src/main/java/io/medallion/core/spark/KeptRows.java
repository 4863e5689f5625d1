package io.medallion.core.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that are computed once and do not change when their Delta table is committed to.
 *
 * <p>{@link Dataset#persist} does not do that: each commit to the table in the same session makes
 * Spark compute the rows anew, from the table as it is then. {@link Dataset#localCheckpoint} keeps
 * rows apart too, but drops their lineage, so that the loss of an executor fails the batch; and it
 * cannot be released, so that a stream's past batches fill the storage until the driver's garbage
 * collector finds them.
 *
 * @param rows the rows, whose plan does not refer to their tables
 * @param computed the same rows, for actions that need no plan
 */
public record KeptRows(Dataset<Row> rows, JavaRDD<Row> computed) implements AutoCloseable {

  /** Keeps rows from their first action on. */
  public static KeptRows of(Dataset<Row> rows) {
    JavaRDD<Row> computed = rows.javaRDD().persist(StorageLevel.MEMORY_AND_DISK());
    return new KeptRows(rows.sparkSession().createDataFrame(computed, rows.schema()), computed);
  }

  @Override
  public void close() {
    computed.unpersist();
  }
}

package io.medallion.core.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that are computed once, and stay what they are.
 *
 * <p>What {@link Dataset#persist} keeps of a Delta table does not: each commit to the table in the
 * same session lets Spark compute it anew, from the table as it is then.
 *
 * @param rows the rows, which know nothing of the tables that they came from
 */
public record KeptRows(Dataset<Row> rows, JavaRDD<Row> computed) implements AutoCloseable {

  /** Keeps rows from when they are first asked for. */
  public static KeptRows of(Dataset<Row> rows) {
    JavaRDD<Row> computed = rows.javaRDD().persist(StorageLevel.MEMORY_AND_DISK());
    return new KeptRows(rows.sparkSession().createDataFrame(computed, rows.schema()), computed);
  }

  @Override
  public void close() {
    computed.unpersist();
  }
}

package io.medallion.core.rows;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Makes tables of rows in the driver's memory. */
public final class LocalRows {
  private LocalRows() {}

  /**
   * A table in one partition.
   *
   * <p>It is made from an RDD, since Spark compares and hashes the rows of a local relation again
   * and again while it plans.
   *
   * @param rows in Spark's internal form, with the schema's columns
   */
  public static Dataset<Row> table(SparkSession spark, List<InternalRow> rows, StructType schema) {
    return spark.internalCreateDataFrame(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 1).rdd(),
        schema,
        false);
  }
}

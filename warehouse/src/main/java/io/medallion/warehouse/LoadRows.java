package io.medallion.warehouse;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** The rows of an increment: {@link TableLoad#OPERATION}, then the table's columns in order. */
public sealed interface LoadRows {

  /** Rows that Spark computes, perhaps more than once. */
  record Planned(Dataset<Row> rows) implements LoadRows {}

  /**
   * Rows in this process's memory.
   *
   * @param schema their columns
   * @param rows in Spark's internal form
   */
  record Collected(StructType schema, List<InternalRow> rows) implements LoadRows {}
}

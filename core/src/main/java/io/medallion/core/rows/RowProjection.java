package io.medallion.core.rows;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Computes columns of rows in the driver's memory, by the expressions that Spark computes them with
 * over a table. They are resolved once and evaluated without generated code, which for some
 * thousand rows takes less time than to plan a query.
 *
 * <p>Rows are in Spark's internal form. Of one thread at a time.
 */
public final class RowProjection {
  private final InterpretedMutableProjection projection;
  private final StructType schema;

  private RowProjection(InterpretedMutableProjection projection, StructType schema) {
    this.projection = projection;
    this.schema = schema;
  }

  /**
   * Resolves the columns.
   *
   * @param input the columns of the rows that they are computed of
   * @param columns deterministic, each of one row: neither aggregates nor windows
   */
  public static RowProjection of(SparkSession spark, StructType input, List<Column> columns) {
    Dataset<Row> none =
        spark.createDataFrame(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).<Row>emptyRDD(), input);
    Dataset<Row> projected = none.select(columns.toArray(Column[]::new));
    LogicalPlan plan = projected.queryExecution().optimizedPlan();
    List<Expression> resolved = new ArrayList<>();
    LogicalPlan of = plan instanceof Project project ? project.child() : plan;
    if (!of.children().isEmpty()) {
      throw new IllegalArgumentException("columns that need more than one row: " + plan);
    }
    if (plan instanceof Project project) {
      JavaConverters.seqAsJavaList(project.projectList())
          .forEach(e -> resolved.add((Expression) e));
    } else {
      // The columns are the input's own.
      JavaConverters.seqAsJavaList(plan.output()).forEach(resolved::add);
    }
    return new RowProjection(
        new InterpretedMutableProjection(
            JavaConverters.asScalaBuffer(resolved).toSeq(), of.output()),
        projected.schema());
  }

  /** The columns' names and types. */
  public StructType schema() {
    return schema;
  }

  /** Returns the columns of a row, which share no memory with it. */
  public InternalRow apply(InternalRow row) {
    return projection.apply(row).copy();
  }
}

package io.medallion.core.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.SimpleAnalyzer$;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.optimizer.ReplaceExpressions$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Computes columns of single rows, by the expressions that Spark computes them with over a table,
 * without a session. Of one thread at a time.
 */
public final class ColumnsOfRow {
  private final scala.Function1<Object, Object> toInternal;
  private final InterpretedMutableProjection projection;
  private final List<DataType> types;

  private ColumnsOfRow(
      scala.Function1<Object, Object> toInternal,
      InterpretedMutableProjection projection,
      List<DataType> types) {
    this.toInternal = toInternal;
    this.projection = projection;
    this.types = types;
  }

  /**
   * Resolves the columns.
   *
   * @param row the columns of the rows that they are computed of
   * @param columns deterministic, each of one row: neither aggregates nor windows
   */
  public static ColumnsOfRow of(StructType row, List<Column> columns) {
    List<Attribute> attributes = new ArrayList<>();
    for (StructField field : row.fields()) {
      attributes.add(
          new AttributeReference(
              field.name(),
              field.dataType(),
              field.nullable(),
              field.metadata(),
              NamedExpression.newExprId(),
              seq(List.of())));
    }
    List<NamedExpression> named = new ArrayList<>();
    for (Column column : columns) {
      named.add(
          new Alias(
              column.expr(),
              "c" + named.size(),
              NamedExpression.newExprId(),
              seq(List.of()),
              Option.empty(),
              seq(List.of())));
    }
    LogicalPlan plan =
        SimpleAnalyzer$.MODULE$.execute(
            new Project(seq(named), new LocalRelation(seq(attributes), seq(List.of()), false)));
    SimpleAnalyzer$.MODULE$.checkAnalysis(plan);
    Project resolved = (Project) ReplaceExpressions$.MODULE$.apply(plan);
    List<Expression> expressions = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (NamedExpression expression : JavaConverters.seqAsJavaList(resolved.projectList())) {
      expressions.add((Expression) expression);
      types.add(((Expression) expression).dataType());
    }
    return new ColumnsOfRow(
        CatalystTypeConverters.createToCatalystConverter(row),
        new InterpretedMutableProjection(seq(expressions), resolved.child().output()),
        types);
  }

  /** The columns of a row, in Spark's internal form, which share no memory with it. */
  public List<Object> of(Row row) {
    InternalRow computed = projection.apply((InternalRow) toInternal.apply(row)).copy();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(computed.get(i, types.get(i)));
    }
    return values;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toList();
  }
}

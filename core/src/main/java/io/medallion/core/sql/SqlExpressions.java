package io.medallion.core.sql;

import io.medallion.core.NearestName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.SimpleAnalyzer$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CurrentDate;
import org.apache.spark.sql.catalyst.expressions.CurrentTimestampLike;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Analyses SQL expressions with Spark's own parser and analyser, without a session: names,
 * functions and types are checked before any job runs.
 */
public final class SqlExpressions {
  /** Functions that SQL writes without parentheses: the parser takes them for columns. */
  private static final Set<String> AMBIENT =
      Set.of(
          "current_date",
          "current_timestamp",
          "localtimestamp",
          "current_user",
          "user",
          "current_catalog",
          "current_database");

  private static final Set<String> FUNCTIONS =
      JavaConverters.seqAsJavaList(FunctionRegistry$.MODULE$.builtin().listFunction()).stream()
          .map(FunctionIdentifier::funcName)
          .collect(Collectors.toUnmodifiableSet());

  private SqlExpressions() {}

  /**
   * Returns what Spark makes of {@code sql} over rows of {@code columns}. Column names are taken as
   * written: upper and lower case differ.
   */
  public static SqlExpression analyse(String sql, StructType columns) {
    Expression parsed;
    try {
      parsed = new CatalystSqlParser().parseExpression(sql);
    } catch (Exception e) {
      return new SqlExpression.Invalid(
          "does not parse as Spark SQL: " + messageOf(e), "correct the expression");
    }
    List<Expression> parts = parts(List.of(parsed));
    if (parts.stream()
        .anyMatch(part -> part instanceof PlanExpression || part instanceof WindowExpression)) {
      return new SqlExpression.Invalid(
          "reads other rows, by a subquery or a window", "use the columns of one row only");
    }
    for (Expression part : parts) {
      if (part instanceof UnresolvedFunction function) {
        String name = function.nameParts().mkString(".");
        if (!FUNCTIONS.contains(name.toLowerCase(Locale.ROOT))) {
          return new SqlExpression.Invalid(
              "calls `" + name + "`, which is no function of Spark SQL",
              NearestName.of(name, FUNCTIONS)
                  .map(nearest -> "write `" + nearest + "`")
                  .orElse("use a built-in function"));
        }
      }
    }
    Set<String> named = new LinkedHashSet<>();
    for (Expression part : parts) {
      if (part instanceof UnresolvedAttribute attribute) {
        named.add(attribute.nameParts().head());
      }
    }
    List<String> existing = Arrays.asList(columns.fieldNames());
    for (String name : named) {
      if (AMBIENT.contains(name.toLowerCase(Locale.ROOT)) && !existing.contains(name)) {
        return ambient();
      }
      if (!existing.contains(name)) {
        return new SqlExpression.Invalid(
            "names the column `" + name + "`, which does not exist",
            NearestName.fix(name, existing, ""));
      }
    }
    return resolved(parsed, columns, named);
  }

  private static SqlExpression resolved(Expression parsed, StructType columns, Set<String> named) {
    LogicalPlan plan;
    try {
      plan = SimpleAnalyzer$.MODULE$.execute(projection(parsed, columns));
      SimpleAnalyzer$.MODULE$.checkAnalysis(plan);
    } catch (Exception e) {
      return new SqlExpression.Invalid(
          "cannot be computed: " + messageOf(e), "correct the expression");
    }
    List<Expression> roots = JavaConverters.seqAsJavaList(plan.expressions());
    for (Expression part : parts(roots)) {
      if (!part.deterministic()
          || part instanceof CurrentTimestampLike
          || part instanceof CurrentDate) {
        return ambient();
      }
    }
    return new SqlExpression.Valid(
        plan.schema().apply(0).dataType(), named, plan instanceof Aggregate);
  }

  private static SqlExpression ambient() {
    return new SqlExpression.Invalid(
        "depends on when it is computed, so that a rebuild would give something else",
        "use the columns of the record only");
  }

  private static Project projection(Expression expression, StructType columns) {
    List<Attribute> attributes = new ArrayList<>();
    for (StructField field : columns.fields()) {
      attributes.add(
          new AttributeReference(
              field.name(),
              field.dataType(),
              field.nullable(),
              field.metadata(),
              NamedExpression.newExprId(),
              seq(List.of())));
    }
    NamedExpression result =
        new Alias(
            expression,
            "result",
            NamedExpression.newExprId(),
            seq(List.of()),
            Option.empty(),
            seq(List.of()));
    return new Project(
        seq(List.of(result)), new LocalRelation(seq(attributes), seq(List.of()), false));
  }

  private static List<Expression> parts(List<Expression> roots) {
    List<Expression> parts = new ArrayList<>();
    Deque<Expression> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Expression part = open.removeFirst();
      parts.add(part);
      open.addAll(JavaConverters.seqAsJavaList(part.children()));
    }
    return parts;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toList();
  }

  /** Scala throws this checked exception without declaring it, so that Java cannot catch it. */
  private static String messageOf(Exception e) {
    if (e instanceof AnalysisException) {
      return e.getMessage().lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }
    throw new IllegalStateException("Spark failed to analyse an expression", e);
  }
}

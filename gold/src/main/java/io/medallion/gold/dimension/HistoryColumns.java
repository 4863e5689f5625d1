package io.medallion.gold.dimension;

import io.medallion.core.sql.SqlExpression;
import io.medallion.core.sql.SqlExpressions;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/** The columns of the source that decide versions of dimensions, and which of them facts take. */
public final class HistoryColumns {
  private HistoryColumns() {}

  /**
   * Finds them.
   *
   * @param facts that refer to the dimensions
   */
  public static Set<String> of(
      StructType source,
      Collection<Dimension> dimensions,
      Collection<Fact> facts,
      List<String> sourceKey) {
    Set<String> names = new LinkedHashSet<>(sourceKey);
    for (Dimension dimension : dimensions) {
      names.addAll(dimension.tieBreak());
      expressions(dimension).forEach(sql -> names.addAll(columns(sql, source)));
    }
    for (Fact fact : facts) {
      fact.references().forEach(reference -> names.addAll(columns(reference.asOf(), source)));
    }
    return names;
  }

  private static Set<String> columns(String sql, StructType schema) {
    if (SqlExpressions.analyse(sql, schema) instanceof SqlExpression.Valid valid) {
      return valid.columns();
    }
    throw new IllegalStateException("the star holds an expression that is none: " + sql);
  }

  private static List<String> expressions(Dimension dimension) {
    List<String> expressions = new ArrayList<>(List.of(dimension.effectiveFrom()));
    dimension.deleteWhen().ifPresent(expressions::add);
    Stream.of(dimension.businessKey(), dimension.tracked(), dimension.untracked())
        .flatMap(List::stream)
        .map(Attribute::expression)
        .forEach(expressions::add);
    return expressions;
  }
}

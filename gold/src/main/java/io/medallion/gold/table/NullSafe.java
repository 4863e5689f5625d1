package io.medallion.gold.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Comparisons of columns in which NULL equals NULL. */
public final class NullSafe {
  private NullSafe() {}

  /** Every one of {@code columns} is the same in {@code left} and {@code right}. */
  public static Column same(Dataset<Row> left, Dataset<Row> right, List<String> columns) {
    return columns.stream()
        .map(column -> left.col(column).eqNullSafe(right.col(column)))
        .reduce(Column::and)
        .orElse(lit(true));
  }

  /** One of {@code columns} at least is not the same under the aliases. */
  public static Column differ(String leftAlias, String rightAlias, List<String> columns) {
    return columns.stream()
        .map(c -> not(col(leftAlias + "." + c).eqNullSafe(col(rightAlias + "." + c))))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  /** Every one of {@code columns} is NULL. */
  public static Column allNull(List<String> columns) {
    return columns.stream().map(c -> col(c).isNull()).reduce(Column::and).orElse(lit(false));
  }
}

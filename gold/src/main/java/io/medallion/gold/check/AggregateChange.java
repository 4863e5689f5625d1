package io.medallion.gold.check;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.rows.RowImage;
import io.medallion.core.rows.RowProjection;
import io.medallion.core.rows.Values;
import io.medallion.gold.star.Star.Check;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * How much the two aggregates of a check changed, over the rows of an update.
 *
 * <p>Sums and counts that were equal stay so where they changed by the same. Least and greatest
 * values are kept with the result of a check: only where the value that was kept goes, another row
 * may have it or not, which only the table knows.
 */
final class AggregateChange {
  private final SparkSession spark;
  private final CheckedRows rows;
  private final AggregateCheck check;
  private final CheckResult.Scope scope;

  private AggregateChange(
      SparkSession spark, CheckedRows rows, AggregateCheck check, CheckResult.Scope scope) {
    this.spark = spark;
    this.rows = rows;
    this.check = check;
    this.scope = scope;
  }

  /**
   * @param scope {@code ALL} where the tables had no rows before
   */
  static AggregateChange of(
      SparkSession spark, CheckedRows rows, AggregateCheck check, CheckResult.Scope scope) {
    return new AggregateChange(spark, rows, check, scope);
  }

  /**
   * The check's result; absent where the changes do not decide it.
   *
   * @param last its last result, which it passed
   */
  Optional<CheckResult> decide(Check of, CheckResult last) {
    if (!rows.tables().keySet().containsAll(List.of(check.tables()))) {
      return Optional.empty();
    }
    if (check.adds()) {
      Map<String, String> measured = new HashMap<>();
      for (AggregateCheck.Side side : check.sides()) {
        Optional<String> change = change(side);
        if (change.isEmpty()) {
          return Optional.empty();
        }
        measured.put(side.label(), change.get());
      }
      Optional<String> difference = check.difference(measured);
      return Optional.of(Checks.result(of, difference.isPresent() ? 1 : 0, scope, difference));
    }
    return check.isExtremes() ? decideExtremes(of, last.extreme()) : Optional.empty();
  }

  /**
   * The least or greatest values after the changes.
   *
   * @param before the value that both sides had; absent where it was NULL or was not kept
   */
  private Optional<CheckResult> decideExtremes(Check of, Optional<String> before) {
    Optional<Optional<String>> left = extreme(check.left(), before);
    Optional<Optional<String>> right = extreme(check.right(), before);
    // Sides that differ are left to the tables, which also know what to show.
    return left.isPresent() && left.equals(right)
        ? Optional.of(Checks.result(of, 0, scope, Optional.empty()).withExtreme(left.get()))
        : Optional.empty();
  }

  /** By how much a sum or a count changed; absent where it is of floating numbers. */
  private Optional<String> change(AggregateCheck.Side side) {
    CheckedRows.Changed changed = rows.tables().get(side.table());
    RowProjection argument =
        RowProjection.of(spark, changed.schema(), List.of(side.argument().as("_value")));
    DataType type = argument.schema().fields()[0].dataType();
    BigDecimal sum = BigDecimal.ZERO;
    boolean any = side.counts() || scope == CheckResult.Scope.CHANGED;
    for (RowImage image : changed.images()) {
      Object value = Values.value(argument.apply(image.row()), argument.schema(), 0);
      if (value == null) {
        continue;
      }
      Optional<BigDecimal> number = side.counts() ? Optional.of(BigDecimal.ONE) : exact(value);
      if (number.isEmpty()) {
        return Optional.empty();
      }
      any = true;
      sum = image.came() ? sum.add(number.get()) : sum.subtract(number.get());
    }
    if (!any) {
      return Optional.empty(); // the sum of no value is NULL, which the tables compare
    }
    int scale =
        type instanceof org.apache.spark.sql.types.DecimalType decimal && !side.counts()
            ? decimal.scale()
            : 0;
    return Optional.of(sum.setScale(Math.max(scale, sum.scale())).toPlainString());
  }

  private static Optional<BigDecimal> exact(Object value) {
    if (value instanceof Decimal decimal) {
      return Optional.of(decimal.toJavaBigDecimal());
    }
    return value instanceof Integer || value instanceof Long || value instanceof Short
        ? Optional.of(BigDecimal.valueOf(((Number) value).longValue()))
        : Optional.empty();
  }

  /**
   * The least or greatest value of a side; absent where it cannot be told without the table: where
   * it was not kept, or went.
   */
  private Optional<Optional<String>> extreme(AggregateCheck.Side side, Optional<String> before) {
    if (before.isEmpty() && scope == CheckResult.Scope.CHANGED) {
      return Optional.empty();
    }
    CheckedRows.Changed changed = rows.tables().get(side.table());
    RowProjection argument =
        RowProjection.of(
            spark,
            changed.schema(),
            List.of(side.argument().as("_value"), side.argument().cast("string").as("_text")));
    DataType type = argument.schema().fields()[0].dataType();
    Map<String, Integer> net = new HashMap<>();
    Map<String, Object> values = new HashMap<>();
    for (RowImage image : changed.images()) {
      InternalRow row = argument.apply(image.row());
      if (!row.isNullAt(0)) {
        String text = row.getUTF8String(1).toString();
        net.merge(text, image.count(), Integer::sum);
        values.put(text, Values.value(row, argument.schema(), 0));
      }
    }
    if (before.isPresent()) {
      if (net.getOrDefault(before.get(), 0) < 0) {
        return Optional.empty();
      }
      values.put(before.get(), value(before.get(), type));
      net.put(before.get(), 1);
    }
    scala.math.Ordering<Object> ordering = TypeUtils.getInterpretedOrdering(type);
    boolean least = side.name().equals("min");
    return Optional.of(
        net.keySet().stream()
            .filter(text -> net.get(text) > 0)
            .reduce(
                (a, b) -> ordering.compare(values.get(a), values.get(b)) <= 0 == least ? a : b));
  }

  private Object value(String text, DataType type) {
    RowProjection parsed =
        RowProjection.of(
            spark,
            new StructType().add("_text", DataTypes.StringType),
            List.of(col("_text").cast(type).as("_value")));
    InternalRow row = new GenericInternalRow(new Object[] {UTF8String.fromString(text)});
    return Values.value(parsed.apply(row), parsed.schema(), 0);
  }
}

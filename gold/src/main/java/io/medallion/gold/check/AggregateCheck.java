package io.medallion.gold.check;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.medallion.gold.star.Star.Check;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;

/**
 * A check that compares an aggregate of one table with an aggregate of another.
 *
 * <p>Where both are sums or counts that were equal before, they still are if they changed by the
 * same; so that the rows written since are enough to look at.
 */
record AggregateCheck(Side left, Side right, boolean adds, BiPredicate<String, String> holds) {
  private static final String LEFT = "\u0000left";
  private static final String RIGHT = "\u0000right";

  /** One aggregate. */
  record Side(String table, String label, Column value) {

    /** What is summed, counted or compared. */
    Column argument() {
      return new Column(function(value).orElseThrow().arguments().head());
    }

    /** Whether values are counted. */
    boolean counts() {
      return name().equals("count");
    }

    /** The aggregate's name in lower case; empty where it is no function of one argument. */
    String name() {
      return isSimple(value) ? AggregateCheck.name(value) : "";
    }

    /** How much a sum or a count over all rows differs from what it was, over signed images. */
    Column change() {
      Column of = argument();
      Column sign = col(ChangedRows.SIGN);
      Column change = counts() ? when(of.isNotNull(), sign) : of.multiply(sign);
      return coalesce(org.apache.spark.sql.functions.sum(change), lit(0));
    }
  }

  /** The aggregates that a check compares; absent for the other kinds. */
  static Optional<AggregateCheck> of(Check check) {
    if (check instanceof Check.Reconcile reconcile) {
      Side left = side(reconcile.leftTable(), check.name() + LEFT, expr(reconcile.left()));
      Side right = side(reconcile.rightTable(), check.name() + RIGHT, expr(reconcile.right()));
      boolean adds = addsUp(left.value()) && addsUp(right.value());
      return Optional.of(new AggregateCheck(left, right, adds, AggregateCheck::same));
    }
    if (check instanceof Check.RowCountRatio ratio) {
      Side left = side(ratio.table(), check.name() + LEFT, count(lit(1)));
      Side right = side(ratio.toTable(), check.name() + RIGHT, count(lit(1)));
      return Optional.of(new AggregateCheck(left, right, false, within(ratio)));
    }
    return Optional.empty();
  }

  private static Side side(String table, String label, Column value) {
    return new Side(Checks.qualified(table), label, value);
  }

  /** Whether a measure is one of the compared aggregates. */
  static boolean isSide(String label) {
    return label.endsWith(LEFT) || label.endsWith(RIGHT);
  }

  List<Side> sides() {
    return List.of(left, right);
  }

  String[] tables() {
    return new String[] {left.table(), right.table()};
  }

  /** Whether a side counts distinct values. */
  boolean countsDistinct() {
    return distinct(left.value()) || distinct(right.value());
  }

  static boolean distinct(Column value) {
    return function(value).map(UnresolvedFunction::isDistinct).orElse(false);
  }

  /** Both values as JSON where they do not hold together; absent where they do. */
  Optional<String> difference(Map<String, String> measured) {
    String leftValue = measured.get(left.label());
    String rightValue = measured.get(right.label());
    return holds.test(leftValue, rightValue)
        ? Optional.empty()
        : Optional.of(
            "[{\"left\":" + quoted(leftValue) + ",\"right\":" + quoted(rightValue) + "}]");
  }

  /** Whether both sides are least values, or both are greatest ones. */
  boolean isExtremes() {
    return left.name().equals(right.name()) && List.of("min", "max").contains(left.name());
  }

  /** The least or greatest value of the left side; absent for other checks, and for NULL. */
  Optional<String> extreme(Map<String, String> measured) {
    return isExtremes() ? Optional.ofNullable(measured.get(left.label())) : Optional.empty();
  }

  private static boolean addsUp(Column value) {
    return isSimple(value) && List.of("sum", "count").contains(name(value));
  }

  private static boolean isSimple(Column value) {
    return function(value).isPresent()
        && !distinct(value)
        && function(value).get().filter().isEmpty()
        && function(value).get().arguments().size() == 1;
  }

  private static Optional<UnresolvedFunction> function(Column value) {
    return value.expr() instanceof UnresolvedFunction function
        ? Optional.of(function)
        : Optional.empty();
  }

  private static String name(Column value) {
    return function(value).orElseThrow().nameParts().last().toLowerCase(Locale.ROOT);
  }

  private static BiPredicate<String, String> within(Check.RowCountRatio ratio) {
    return (rows, of) -> {
      BigDecimal share = new BigDecimal(of);
      return new BigDecimal(rows).compareTo(ratio.minimum().multiply(share)) >= 0
          && new BigDecimal(rows).compareTo(ratio.maximum().multiply(share)) <= 0;
    };
  }

  /** Equal as numbers where both are numbers: 1.50 is 1.5. */
  private static boolean same(String left, String right) {
    if (Objects.equals(left, right)) {
      return true;
    }
    String number = "-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?";
    return left != null
        && right != null
        && left.matches(number)
        && right.matches(number)
        && new BigDecimal(left).compareTo(new BigDecimal(right)) == 0;
  }

  private static String quoted(String value) {
    return value == null ? "null" : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}

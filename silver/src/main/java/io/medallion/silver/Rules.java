package io.medallion.silver;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Rule;
import io.medallion.core.contract.Severity;
import io.medallion.silver.parse.Conformer;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.types.DataTypes;

/**
 * Applies a contract's rules to parsed records, all of them in one pass.
 *
 * <p>Every rule becomes a predicate that is true or false, never NULL: a record is either broken or
 * not. {@link Rule.Required} is settled by {@link Conformer}, which alone can tell a missing value
 * from one that is not of its type.
 */
final class Rules {
  private static final int MAX_SHOWN_CHARACTERS = 80;

  private Rules() {}

  /** Adds what the rules find to {@code _reasons} and {@code _warnings}. */
  static Dataset<Row> apply(Contract contract, Dataset<Row> parsed) {
    return parsed
        .withColumn(SilverColumns.REASONS, reasons(contract))
        .withColumn(
            SilverColumns.WARNINGS,
            plus(
                SilverColumns.WARNINGS,
                broken(contract, Severity.WARN),
                broken -> lit(broken.rule())));
  }

  /** What parsing and the rules of severity error find, of a row of parsed records. */
  static Column reasons(Contract contract) {
    return plus(SilverColumns.REASONS, broken(contract, Severity.ERROR), Broken::reason);
  }

  private static List<Broken> broken(Contract contract, Severity severity) {
    return contract.rules().stream()
        .filter(rule -> !(rule instanceof Rule.Required) && rule.severity() == severity)
        .map(Rules::broken)
        .toList();
  }

  /** The existing array, and what the broken rules add; most records pay for the test alone. */
  private static Column plus(
      String column, List<Broken> rules, java.util.function.Function<Broken, Column> finding) {
    if (rules.isEmpty()) {
      return col(column);
    }
    // A delete has no values that a rule could be about.
    Column any =
        rules.stream()
            .map(Broken::predicate)
            .reduce(Column::or)
            .orElseThrow()
            .and(not(col(SilverColumns.DELETED)));
    Column[] findings =
        rules.stream()
            .map(broken -> when(broken.predicate(), finding.apply(broken)))
            .toArray(Column[]::new);
    Column found = filter(array(findings), Column::isNotNull);
    return when(any, concat(col(column), found)).otherwise(col(column));
  }

  private record Broken(String rule, String column, Column predicate, Column message) {
    Column reason() {
      return struct(
          lit(rule).as("rule"), lit(column).as("column"), coalesce(message, lit("")).as("message"));
    }
  }

  private static Broken broken(Rule rule) {
    if (rule instanceof Rule.OneOf r) {
      Column value = col(r.column());
      Column text = value.cast(DataTypes.StringType);
      return new Broken(
          r.name(),
          r.column(),
          holds(not(text.isin(r.values().toArray()))),
          concat(
              lit(r.column() + " is not one of " + String.join(", ", r.values()) + ": '"),
              shown(text),
              lit("'")));
    } else if (rule instanceof Rule.Range r) {
      Column value = col(r.column());
      Column below = bound(value, r.minimum(), r.minimumExclusive(), Column::leq, Column::lt);
      Column above = bound(value, r.maximum(), r.maximumExclusive(), Column::geq, Column::gt);
      return new Broken(
          r.name(),
          r.column(),
          holds(below.or(above)),
          concat(
              lit(r.column() + " must be " + range(r) + " but is "),
              value.cast(DataTypes.StringType)));
    } else if (rule instanceof Rule.Matches r) {
      Column value = col(r.column());
      return new Broken(
          r.name(),
          r.column(),
          holds(not(value.rlike("\\A(?:" + r.regex() + ")\\z"))),
          concat(lit(r.column() + " does not match " + r.regex() + ": '"), shown(value), lit("'")));
    } else if (rule instanceof Rule.Length r) {
      Column characters = length(col(r.column()));
      Column tooShort = r.minimum().map(m -> characters.lt(m)).orElse(lit(false));
      Column tooLong = r.maximum().map(m -> characters.gt(m)).orElse(lit(false));
      return new Broken(
          r.name(),
          r.column(),
          holds(tooShort.or(tooLong)),
          concat(
              lit(r.column() + " has a length out of bounds: "),
              characters.cast(DataTypes.StringType)));
    } else if (rule instanceof Rule.Expression r) {
      return new Broken(
          r.name(),
          "",
          holds(not(new Column(new CatalystSqlParser().parseExpression(r.predicate())))),
          lit("not so: " + r.description()));
    }
    throw new IllegalArgumentException("settled elsewhere: " + rule.name());
  }

  private static Column holds(Column predicate) {
    return coalesce(predicate, lit(false));
  }

  private static Column shown(Column text) {
    return substring(text, 1, MAX_SHOWN_CHARACTERS);
  }

  private interface Comparison {
    Column apply(Column value, Object bound);
  }

  private static Column bound(
      Column value,
      java.util.Optional<java.math.BigDecimal> bound,
      boolean exclusive,
      Comparison ifExclusive,
      Comparison ifInclusive) {
    return bound
        .map(b -> exclusive ? ifExclusive.apply(value, b) : ifInclusive.apply(value, b))
        .orElse(lit(false));
  }

  private static String range(Rule.Range rule) {
    List<String> bounds = new ArrayList<>();
    rule.minimum()
        .ifPresent(
            m ->
                bounds.add(
                    (rule.minimumExclusive() ? "more than " : "at least ") + m.toPlainString()));
    rule.maximum()
        .ifPresent(
            m ->
                bounds.add(
                    (rule.maximumExclusive() ? "less than " : "at most ") + m.toPlainString()));
    return String.join(" and ", bounds);
  }
}

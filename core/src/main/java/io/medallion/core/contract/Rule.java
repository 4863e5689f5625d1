package io.medallion.core.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A rule that every record of a contract must keep. A rule holds for an absent value, but for
 * {@link Required}.
 */
public sealed interface Rule {

  /** Unique within the contract; it names the rule in quarantine reasons. */
  String name();

  /** Whether a record that breaks the rule is quarantined or only marked. */
  Severity severity();

  /** The column must have a value. */
  record Required(String name, String column, Severity severity) implements Rule {}

  /** The column's value, as text, must be one of {@code values}. */
  record OneOf(String name, String column, List<String> values, Severity severity) implements Rule {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  /** The column's value must lie within the bounds; an absent bound does not bind. */
  record Range(
      String name,
      String column,
      Optional<BigDecimal> minimum,
      Optional<BigDecimal> maximum,
      boolean minimumExclusive,
      boolean maximumExclusive,
      Severity severity)
      implements Rule {}

  /** The whole of the column's text must match the regular expression. */
  record Matches(String name, String column, String regex, Severity severity) implements Rule {}

  /** The column's text must have a length (in characters) within the bounds. */
  record Length(
      String name,
      String column,
      Optional<Integer> minimum,
      Optional<Integer> maximum,
      Severity severity)
      implements Rule {}

  /**
   * A Spark SQL predicate over the contract's columns that must not be false.
   *
   * @param description what the predicate asks for, in words, for the quarantine reason
   */
  record Expression(String name, String predicate, String description, Severity severity)
      implements Rule {}
}

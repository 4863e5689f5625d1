package io.medallion.gold.check;

import io.medallion.core.contract.Severity;
import java.util.Optional;

/**
 * What a dataset check found.
 *
 * @param check the check's name
 * @param kind {@code unique}, {@code not_null}, {@code relationship}, {@code accepted_values},
 *     {@code expression}, {@code intervals}, {@code agree} or {@code row_count_ratio}
 * @param table the table checked, {@code layer.name}; at {@code agree} the left one
 * @param severity what a failure means
 * @param violations rows that break the check; 1 where aggregates or counts do
 * @param scope which rows were looked at
 * @param extreme where the check compares two least or two greatest values that are equal, that
 *     value as Spark SQL's text; absent for NULL and for all else
 * @param sample up to three of the violating rows' keys as a JSON array; absent where it passed
 */
public record CheckResult(
    String check,
    String kind,
    String table,
    Severity severity,
    long violations,
    Scope scope,
    Optional<String> extreme,
    Optional<String> sample) {

  /** A result of a check that does not compare extremes. */
  public CheckResult(
      String check,
      String kind,
      String table,
      Severity severity,
      long violations,
      Scope scope,
      Optional<String> sample) {
    this(check, kind, table, severity, violations, scope, Optional.empty(), sample);
  }

  /** The same result with the value that both sides have. */
  CheckResult withExtreme(Optional<String> value) {
    return new CheckResult(check, kind, table, severity, violations, scope, value, sample);
  }

  /** Which rows of the table were checked. */
  public enum Scope {
    /** Every row. */
    ALL,
    /** Those the build wrote: the others passed before and have not changed. */
    CHANGED,
    /**
     * None: the result is that of an earlier build. Only warnings that compare numbers of distinct
     * values, which cannot be counted without reading the whole history, and only between rebuilds.
     */
    EARLIER
  }

  /** Whether nothing breaks the check. */
  public boolean passed() {
    return violations == 0;
  }

  /** Whether this result breaches the quality gate. */
  public boolean breaches() {
    return !passed() && severity == Severity.ERROR;
  }
}

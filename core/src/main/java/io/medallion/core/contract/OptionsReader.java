package io.medallion.core.contract;

import io.medallion.core.contract.QualityReader.ColumnType;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code logicalTypeOptions} of one column into rules. */
final class OptionsReader {
  private final ColumnType column;
  private final QualityReader quality;
  private final Mistakes mistakes;
  private Optional<Located<String>> format = Optional.empty();

  OptionsReader(ColumnType column, QualityReader quality, Mistakes mistakes) {
    this.column = column;
    this.quality = quality;
    this.mistakes = mistakes;
  }

  /** Returns the column's one pattern, once it was read; absent where there is none. */
  Optional<Located<String>> format() {
    return format;
  }

  List<Located<Rule>> read(Fields options) {
    if (column.type().isEmpty()) {
      return List.of(); // which options there are depends on the type
    }
    List<Located<Rule>> rules = new ArrayList<>();
    LogicalType type = column.type().get();
    if (type instanceof LogicalType.Text) {
      text(options, rules);
    } else if (type instanceof LogicalType.Whole || type instanceof LogicalType.Exact) {
      range(options).ifPresent(rule -> rules.add(new Located<>(rule, options.at())));
      options.refuse(
          "multipleOf",
          "`multipleOf` is not checked",
          "write a `custom` rule: " + column.name() + " % … = 0");
      options.ignore("format");
    } else if (type instanceof LogicalType.Date || type instanceof LogicalType.Timestamp) {
      format = options.text("format");
      timeRange(options, type).ifPresent(rule -> rules.add(new Located<>(rule, options.at())));
      if (type instanceof LogicalType.Timestamp) {
        options.ignore("timezone");
        options
            .text("defaultTimezone")
            .filter(zone -> !isUtc(zone.value()))
            .ifPresent(
                zone ->
                    mistakes.add(
                        zone.at(),
                        "timestamps without an offset are read as UTC",
                        "write `Etc/UTC`"));
      }
    }
    options.finish();
    return rules;
  }

  private static boolean isUtc(String zone) {
    return zone.equals("Etc/UTC") || zone.equals("UTC");
  }

  private void text(Fields options, List<Located<Rule>> rules) {
    Optional<Located<Integer>> minimum = options.whole("minLength");
    Optional<Located<Integer>> maximum = options.whole("maxLength");
    for (Optional<Located<Integer>> bound : List.of(minimum, maximum)) {
      bound
          .filter(length -> length.value() < 0)
          .ifPresent(
              length -> mistakes.add(length.at(), "a length is negative", "write 0 or more"));
    }
    if (minimum.isPresent()
        && maximum.isPresent()
        && minimum.get().value() > maximum.get().value()) {
      mistakes.add(
          minimum.get().at(),
          "`minLength` %d is greater than `maxLength` %d"
              .formatted(minimum.get().value(), maximum.get().value()),
          "exchange them");
    }
    if (minimum.isPresent() || maximum.isPresent()) {
      rules.add(
          new Located<>(
              new Rule.Length(
                  column.name() + "_length",
                  column.name(),
                  minimum.map(Located::value),
                  maximum.map(Located::value),
                  Severity.ERROR),
              minimum.or(() -> maximum).orElseThrow().at()));
    }
    Optional<Located<String>> regex = options.text("pattern");
    regex
        .flatMap(
            written -> quality.pattern(written, column, column.name() + "_pattern", Severity.ERROR))
        .ifPresent(rule -> rules.add(new Located<>(rule, regex.orElseThrow().at())));
    options.ignore("format");
  }

  private Optional<Rule> range(Fields options) {
    Bound<BigDecimal> minimum =
        bound("minimum", options.number("minimum"), options.number("exclusiveMinimum"));
    Bound<BigDecimal> maximum =
        bound("maximum", options.number("maximum"), options.number("exclusiveMaximum"));
    if (minimum.value().isEmpty() && maximum.value().isEmpty()) {
      return Optional.empty();
    }
    checkOrder(minimum, maximum);
    return Optional.of(
        new Rule.Range(
            column.name() + "_range",
            column.name(),
            minimum.value().map(Located::value),
            maximum.value().map(Located::value),
            minimum.exclusive(),
            maximum.exclusive(),
            Severity.ERROR));
  }

  /** Bounds of dates become a predicate: the model's ranges are of numbers. */
  private Optional<Rule> timeRange(Fields options, LogicalType type) {
    Bound<LocalDate> minimum =
        bound("minimum", date(options, "minimum"), date(options, "exclusiveMinimum"));
    Bound<LocalDate> maximum =
        bound("maximum", date(options, "maximum"), date(options, "exclusiveMaximum"));
    if (minimum.value().isEmpty() && maximum.value().isEmpty()) {
      return Optional.empty();
    }
    checkOrder(minimum, maximum);
    List<String> conditions = new ArrayList<>();
    minimum
        .value()
        .ifPresent(
            from -> conditions.add((minimum.exclusive() ? ">" : ">=") + literal(type, from)));
    maximum
        .value()
        .ifPresent(to -> conditions.add((maximum.exclusive() ? "<" : "<=") + literal(type, to)));
    String predicate =
        String.join(
            " AND ",
            conditions.stream().map(condition -> column.name() + " " + condition).toList());
    return Optional.of(
        new Rule.Expression(
            column.name() + "_range",
            predicate,
            column.name() + " must be " + String.join(" and ", conditions),
            Severity.ERROR));
  }

  private static String literal(LogicalType type, Located<LocalDate> date) {
    return " "
        + (type instanceof LogicalType.Date ? "DATE" : "TIMESTAMP")
        + "'"
        + date.value()
        + "'";
  }

  private Optional<Located<LocalDate>> date(Fields options, String key) {
    Optional<Located<String>> written = options.text(key);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Located<>(LocalDate.parse(written.get().value()), written.get().at()));
    } catch (DateTimeException e) {
      mistakes.add(
          written.get().at(),
          "`" + key + "` is no date: '" + written.get().value() + "'",
          "write it as yyyy-MM-dd");
      return Optional.empty();
    }
  }

  private record Bound<T>(String name, Optional<Located<T>> value, boolean exclusive) {}

  private <T> Bound<T> bound(
      String name, Optional<Located<T>> inclusive, Optional<Located<T>> exclusive) {
    if (inclusive.isPresent() && exclusive.isPresent()) {
      mistakes.add(
          exclusive.get().at(), "the column has two bounds for its " + name, "keep one of the two");
    }
    return inclusive.isPresent()
        ? new Bound<>(name, inclusive, false)
        : new Bound<>(name, exclusive, exclusive.isPresent());
  }

  private <T extends Comparable<? super T>> void checkOrder(Bound<T> minimum, Bound<T> maximum) {
    if (minimum.value().isEmpty() || maximum.value().isEmpty()) {
      return;
    }
    int order = minimum.value().get().value().compareTo(maximum.value().get().value());
    if (order > 0 || (order == 0 && (minimum.exclusive() || maximum.exclusive()))) {
      mistakes.add(
          minimum.value().get().at(),
          "no value lies between %s and %s"
              .formatted(minimum.value().get().value(), maximum.value().get().value()),
          "write a minimum that is less than the maximum");
    }
  }
}

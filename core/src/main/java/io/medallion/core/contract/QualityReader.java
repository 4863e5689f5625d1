package io.medallion.core.contract;

import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the {@code quality} lists of a column and of the table. */
final class QualityReader {
  private final Mistakes mistakes;
  private final List<Located<String>> predicates = new ArrayList<>();

  QualityReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /**
   * Returns the rule that {@code node} asks for, placed where it is named; absent where it has
   * mistakes or is only text.
   *
   * @param column the column whose quality it is; absent for the table's
   */
  Optional<Located<Rule>> read(Node node, Optional<ColumnType> column) {
    Optional<Fields> found = Fields.of(node, "a quality rule", mistakes);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    int before = mistakes.count();
    fields.ignore(
        "id", "authoritativeDefinitions", "businessImpact", "dimension", "method", "tags", "unit");
    fields.refuse(
        "schedule",
        "a rule has no schedule: every record is checked when it comes in",
        "remove it");
    fields.refuse(
        "scheduler",
        "a rule has no scheduler: every record is checked when it comes in",
        "remove it");
    Optional<Located<String>> name = fields.text("name");
    boolean named = name.map(written -> Names.check("a rule", written, mistakes)).orElse(true);
    Optional<String> description = fields.text("description").map(Located::value);
    Severity severity = severity(fields);
    Optional<Located<String>> type = fields.text("type");
    Optional<Rule> rule =
        switch (type.map(Located::value).orElse("library")) {
          case "library" -> library(fields, column, name, severity);
          case "custom" -> custom(fields, name, description, severity);
          case "text" -> Optional.empty();
          default -> {
            mistakes.add(
                type.get().at(),
                "a rule of type `" + type.get().value() + "` cannot be checked record by record",
                "write `library`, or `custom` with `engine: medallion` and a Spark SQL predicate");
            fields.ignore("query", "engine", "implementation", "metric", "arguments", "mustBe");
            yield Optional.empty();
          }
        };
    fields.finish();
    if (!named || mistakes.count() > before) {
      return Optional.empty();
    }
    Location at = name.map(Located::at).orElse(fields.at());
    return rule.map(sound -> new Located<>(sound, at));
  }

  /** Returns the predicates read so far: they can be checked once every column is known. */
  List<Located<String>> predicates() {
    return List.copyOf(predicates);
  }

  /** A column's name and type, as far as a rule needs them. */
  record ColumnType(String name, Optional<LogicalType> type) {
    boolean isText() {
      return type.map(LogicalType.Text.class::isInstance).orElse(true);
    }

    boolean isTextOrWhole() {
      return isText() || type.map(LogicalType.Whole.class::isInstance).orElse(true);
    }
  }

  private Severity severity(Fields fields) {
    Optional<Located<String>> written = fields.text("severity");
    return switch (written.map(Located::value).orElse("error")) {
      case "error" -> Severity.ERROR;
      case "warning" -> Severity.WARN;
      default -> {
        mistakes.add(
            written.get().at(),
            "the severity `" + written.get().value() + "` is not known",
            "write `error` (the record is quarantined) or `warning` (it is marked)");
        yield Severity.ERROR;
      }
    };
  }

  private Optional<Rule> library(
      Fields fields,
      Optional<ColumnType> column,
      Optional<Located<String>> name,
      Severity severity) {
    Optional<Located<String>> metric = fields.requiredText("metric");
    fields.require("mustBe");
    Optional<Located<BigDecimal>> mustBe = fields.number("mustBe");
    if (mustBe.isPresent() && mustBe.get().value().signum() != 0) {
      mistakes.add(
          mustBe.get().at(),
          "a rule holds for every record, so that the number of exceptions must be 0",
          "write `mustBe: 0`");
    }
    Optional<Fields> arguments = fields.fields("arguments");
    if (metric.isEmpty()) {
      return Optional.empty();
    }
    if (column.isEmpty()) {
      mistakes.add(
          metric.get().at(),
          "the metric `" + metric.get().value() + "` is a column's",
          "move it to the `quality` of that column");
      return Optional.empty();
    }
    return switch (metric.get().value()) {
      case "invalidValues" -> {
        if (arguments.isEmpty()) {
          mistakes.add(
              metric.get().at(),
              "`invalidValues` does not say which values are valid",
              "add `arguments: {validValues: [ … ]}` or `arguments: {pattern: … }`");
          yield Optional.empty();
        }
        yield invalidValues(arguments.get(), column.get(), name, severity);
      }
      case "nullValues" -> {
        arguments.ifPresent(Fields::finish);
        yield Optional.of(
            new Rule.Required(
                nameOr(name, column.get(), "_required"), column.get().name(), severity));
      }
      default -> {
        mistakes.add(
            metric.get().at(),
            "the metric `" + metric.get().value() + "` cannot be checked record by record",
            "write `invalidValues` or `nullValues`");
        yield Optional.empty();
      }
    };
  }

  private Optional<Rule> invalidValues(
      Fields arguments, ColumnType column, Optional<Located<String>> name, Severity severity) {
    Optional<Location> valuesAt = arguments.keyAt("validValues");
    Optional<Located<String>> pattern = arguments.text("pattern");
    List<Node> items =
        pattern.isPresent()
            ? arguments.items("validValues")
            : arguments.requiredItems("validValues");
    arguments.finish();
    if (pattern.isPresent() && valuesAt.isPresent()) {
      mistakes.add(
          pattern.get().at(),
          "`validValues` and `pattern` are two rules",
          "write two items of `quality`");
      return Optional.empty();
    }
    if (pattern.isPresent()) {
      return pattern(pattern.get(), column, nameOr(name, column, "_pattern"), severity);
    }
    if (!column.isTextOrWhole()) {
      mistakes.add(
          valuesAt.orElse(arguments.at()),
          "`validValues` compares texts, and %s is of type %s"
              .formatted(column.name(), column.type().orElseThrow()),
          "write a `custom` rule with a Spark SQL predicate");
    }
    return Optional.of(
        new Rule.OneOf(
            nameOr(name, column, "_accepted_values"), column.name(), values(items), severity));
  }

  private List<String> values(List<Node> items) {
    Set<String> values = new LinkedHashSet<>();
    for (Node item : items) {
      if (item instanceof Node.Scalar scalar && scalar.kind() != Node.Kind.NOTHING) {
        if (!values.add(scalar.text())) {
          mistakes.add(
              scalar.at(), "the value '" + scalar.text() + "' is named twice", "remove one");
        }
      } else {
        mistakes.add(item.at(), "a valid value cannot be " + item.describe(), "write a text");
      }
    }
    return List.copyOf(values);
  }

  /** Returns the rule that the column's text matches {@code regex}. */
  Optional<Rule> pattern(Located<String> regex, ColumnType column, String name, Severity severity) {
    if (!column.isText()) {
      mistakes.add(
          regex.at(),
          "a `pattern` is for texts, and %s is of type %s"
              .formatted(column.name(), column.type().orElseThrow()),
          "remove it");
    }
    try {
      Pattern unused = Pattern.compile(regex.value());
    } catch (PatternSyntaxException e) {
      mistakes.add(
          regex.at(),
          "`" + regex.value() + "` is no regular expression: " + e.getDescription(),
          "correct it, in the syntax of java.util.regex.Pattern");
    }
    return Optional.of(new Rule.Matches(name, column.name(), regex.value(), severity));
  }

  private Optional<Rule> custom(
      Fields fields,
      Optional<Located<String>> name,
      Optional<String> description,
      Severity severity) {
    fields.require("name");
    fields.require("description");
    Optional<Located<String>> engine = fields.requiredText("engine");
    if (engine.isPresent() && !engine.get().value().equals("medallion")) {
      mistakes.add(
          engine.get().at(),
          "the engine `" + engine.get().value() + "` is not known",
          "write `medallion`");
    }
    Optional<Located<String>> predicate = fields.requiredText("implementation");
    if (name.isEmpty() || description.isEmpty() || predicate.isEmpty()) {
      return Optional.empty();
    }
    predicates.add(predicate.get());
    return Optional.of(
        new Rule.Expression(
            name.get().value(), predicate.get().value(), description.get(), severity));
  }

  private static String nameOr(Optional<Located<String>> name, ColumnType column, String suffix) {
    return name.map(Located::value).orElse(column.name() + suffix);
  }
}

package io.medallion.core.contract;

import io.medallion.core.NearestName;
import io.medallion.core.contract.QualityReader.ColumnType;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one item of {@code properties}: a column and its own rules. */
final class ColumnReader {
  private static final Pattern DECIMAL =
      Pattern.compile("(?:decimal|numeric|number)\\(\\s*(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*\\)");
  private static final List<String> TYPES =
      List.of("string", "integer", "number", "date", "timestamp", "boolean");

  private final Mistakes mistakes;
  private final QualityReader quality;

  ColumnReader(QualityReader quality, Mistakes mistakes) {
    this.quality = quality;
    this.mistakes = mistakes;
  }

  /**
   * A column as read.
   *
   * @param column absent where it has mistakes
   * @param name with its place; absent where it is missing
   * @param headers the column's name and aliases, each with its place
   * @param keyPosition where the column belongs to the key: its place in the key, -1 if not given
   * @param unique where `unique: true` is written
   */
  record Draft(
      Optional<Column> column,
      Optional<Located<String>> name,
      boolean required,
      Optional<LogicalType> type,
      List<Located<String>> headers,
      Optional<Located<Integer>> keyPosition,
      Optional<Location> unique,
      List<Located<Rule>> rules) {}

  Optional<Draft> read(Node node) {
    return Fields.of(node, "a column", mistakes).map(this::read);
  }

  private Draft read(Fields fields) {
    int before = mistakes.count();
    Optional<Located<String>> name = fields.requiredText("name");
    boolean named = name.map(written -> Names.check("a column", written, mistakes)).orElse(false);
    Optional<LogicalType> type = type(fields);
    Optional<Located<Boolean>> required = fields.flag("required");
    String description = fields.text("description").map(Located::value).orElse("").strip();
    Optional<Located<Boolean>> unique = fields.flag("unique").filter(Located::value);
    Optional<Located<Integer>> keyPosition = keyPosition(fields);
    acceptMetadata(fields);

    ColumnType columnType = new ColumnType(name.map(Located::value).orElse("it"), type);
    List<Located<Rule>> rules = new ArrayList<>();
    if (required.isPresent() && required.get().value()) {
      rules.add(
          new Located<>(
              new Rule.Required(columnType.name() + "_required", columnType.name(), Severity.ERROR),
              required.get().at()));
    }
    OptionsReader options = new OptionsReader(columnType, quality, mistakes);
    fields.fields("logicalTypeOptions").ifPresent(written -> rules.addAll(options.read(written)));
    for (Node rule : fields.items("quality")) {
      quality.read(rule, Optional.of(columnType)).ifPresent(rules::add);
    }
    Fields custom = CustomProperties.of(fields, "a column", mistakes);
    List<Located<String>> aliases = custom.texts("aliases");
    List<String> patterns = patterns(custom, columnType, options.format());
    Optional<Character> separator = groupingSeparator(custom, columnType);
    Optional<RoundingMode> rounding = rounding(custom, columnType);
    custom.finish();
    fields.finish();

    List<Located<String>> headers = new ArrayList<>();
    name.ifPresent(headers::add);
    headers.addAll(aliases);
    boolean isRequired = required.map(Located::value).orElse(false);
    Optional<Column> column =
        named && type.isPresent() && mistakes.count() == before
            ? Optional.of(
                new Column(
                    columnType.name(),
                    type.get(),
                    isRequired,
                    description,
                    aliases.stream().map(Located::value).toList(),
                    patterns,
                    separator,
                    rounding))
            : Optional.empty();
    return new Draft(
        column, name, isRequired, type, headers, keyPosition, unique.map(Located::at), rules);
  }

  private static void acceptMetadata(Fields fields) {
    fields.ignore(
        "id",
        "businessName",
        "authoritativeDefinitions",
        "tags",
        "classification",
        "examples",
        "criticalDataElement",
        "relationships",
        "transformSourceObjects",
        "transformLogic",
        "transformDescription");
    fields.refuse(
        "physicalName", "a column is stored under its `name`", "remove it, or change `name`");
    fields.refuse("encryptedName", "columns are not encrypted", "remove it");
    fields.refuse("partitioned", "the layout of silver tables is Medallion's own", "remove it");
    fields.refuse(
        "partitionKeyPosition", "the layout of silver tables is Medallion's own", "remove it");
  }

  private Optional<LogicalType> type(Fields fields) {
    Optional<Located<String>> logical = fields.requiredText("logicalType");
    Optional<Located<String>> physical = fields.text("physicalType");
    if (logical.isEmpty()) {
      return Optional.empty();
    }
    return switch (logical.get().value()) {
      case "string" -> Optional.of(new LogicalType.Text());
      case "integer" -> Optional.of(new LogicalType.Whole());
      case "date" -> Optional.of(new LogicalType.Date());
      case "timestamp" -> Optional.of(new LogicalType.Timestamp());
      case "boolean" -> Optional.of(new LogicalType.Bool());
      case "number" -> decimal(logical.get(), physical);
      default -> {
        mistakes.add(
            logical.get().at(),
            "the logical type `" + logical.get().value() + "` is not known",
            NearestName.fix(logical.get().value(), TYPES, ""));
        yield Optional.empty();
      }
    };
  }

  private Optional<LogicalType> decimal(
      Located<String> logical, Optional<Located<String>> physical) {
    if (physical.isEmpty()) {
      mistakes.add(
          logical.at(),
          "a number does not say how exact it is",
          "add `physicalType: decimal(p,s)`, with p digits, s of them fractional");
      return Optional.empty();
    }
    Matcher matcher = DECIMAL.matcher(physical.get().value().toLowerCase(Locale.ROOT).strip());
    if (!matcher.matches()) {
      mistakes.add(
          physical.get().at(),
          "`" + physical.get().value() + "` is no exact number",
          "write `decimal(p,s)`, with p digits, s of them fractional");
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LogicalType.Exact(
              Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
    } catch (IllegalArgumentException e) {
      mistakes.add(
          physical.get().at(), e.getMessage(), "write 1 to 38 digits, no more of them fractional");
      return Optional.empty();
    }
  }

  private Optional<Located<Integer>> keyPosition(Fields fields) {
    Optional<Located<Boolean>> key = fields.flag("primaryKey");
    Optional<Located<Integer>> position =
        fields.whole("primaryKeyPosition").filter(written -> written.value() != -1);
    if (key.isEmpty() || !key.get().value()) {
      position.ifPresent(
          written ->
              mistakes.add(
                  written.at(),
                  "a column that is not of the primary key has a position in it",
                  "add `primaryKey: true`, or remove `primaryKeyPosition`"));
      return Optional.empty();
    }
    return Optional.of(position.orElseGet(() -> new Located<>(-1, key.get().at())));
  }

  private List<String> patterns(
      Fields custom, ColumnType column, Optional<Located<String>> format) {
    Optional<Location> at = custom.keyAt("patterns");
    List<Located<String>> written = new ArrayList<>(custom.texts("patterns"));
    boolean timestamp = column.type().map(LogicalType.Timestamp.class::isInstance).orElse(false);
    boolean date = column.type().map(LogicalType.Date.class::isInstance).orElse(false);
    if (at.isPresent() && column.type().isPresent() && !timestamp && !date) {
      mistakes.add(
          at.get(),
          "`patterns` are for dates and timestamps, not for " + column.type().get(),
          "remove them");
      return List.of();
    }
    if (at.isPresent() && format.isPresent()) {
      mistakes.add(
          at.get(), "the column has `patterns` and a `format`", "move the format to `patterns`");
    }
    format.ifPresent(written::add);
    if (timestamp || date) {
      DatePatterns.check(written, timestamp, mistakes);
    }
    return written.stream().map(Located::value).toList();
  }

  private Optional<Character> groupingSeparator(Fields custom, ColumnType column) {
    Optional<Located<String>> written = custom.text("groupingSeparator");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String value = written.get().value();
    if (value.length() != 1
        || Character.isLetterOrDigit(value.charAt(0))
        || ".+-".contains(value)) {
      mistakes.add(
          written.get().at(),
          "'" + value + "' cannot group digits",
          "write one character that no number has otherwise, such as \",\"");
    } else if (!(column.type().orElse(null) instanceof LogicalType.Exact)
        && !(column.type().orElse(null) instanceof LogicalType.Whole)) {
      column.type().ifPresent(type -> misplaced("groupingSeparator", type, written.get().at()));
    } else {
      return Optional.of(value.charAt(0));
    }
    return Optional.empty();
  }

  private Optional<RoundingMode> rounding(Fields custom, ColumnType column) {
    Optional<Located<String>> written = custom.text("rounding");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    List<String> modes =
        Arrays.stream(RoundingMode.values())
            .filter(mode -> mode != RoundingMode.UNNECESSARY)
            .map(RoundingMode::name)
            .toList();
    if (!modes.contains(written.get().value())) {
      mistakes.add(
          written.get().at(),
          "the rounding `" + written.get().value() + "` is not known",
          NearestName.fix(written.get().value(), modes, ""));
      return Optional.empty();
    }
    if (column.type().isPresent() && !(column.type().get() instanceof LogicalType.Exact)) {
      misplaced("rounding", column.type().get(), written.get().at());
      return Optional.empty();
    }
    return Optional.of(RoundingMode.valueOf(written.get().value()));
  }

  private void misplaced(String property, LogicalType type, Location at) {
    mistakes.add(at, "`" + property + "` is for numbers, not for " + type, "remove it");
  }
}

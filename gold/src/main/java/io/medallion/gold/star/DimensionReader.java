package io.medallion.gold.star;

import io.medallion.core.contract.Names;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.gold.star.SourceColumns.TypedAttribute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** Reads the dimensions of a star. */
final class DimensionReader {
  private final SourceColumns source;
  private final TableSchemas tables;
  private final Mistakes mistakes;

  DimensionReader(SourceColumns source, TableSchemas tables, Mistakes mistakes) {
    this.source = source;
    this.tables = tables;
    this.mistakes = mistakes;
  }

  /** Returns the dimension; absent where a part without which it is none is missing. */
  Optional<Star.Dimension> dimension(Node node) {
    return Fields.of(node, "a dimension", mistakes).flatMap(this::dimension);
  }

  private Optional<Star.Dimension> dimension(Fields fields) {
    Optional<Located<String>> table = tableName(fields);
    Optional<Located<String>> surrogateKey = fields.requiredText("surrogateKey");
    surrogateKey.ifPresent(written -> Names.check("a column", written, mistakes));
    String description = fields.text("description").map(Located::value).orElse("").strip();
    Star.ScdType type = scdType(fields);
    List<TypedAttribute> businessKey = source.attributes(fields.requiredItems("businessKey"));
    Optional<Located<String>> effectiveFrom = fields.requiredText("effectiveFrom");
    effectiveFrom.ifPresent(expression -> source.check(expression, DataTypes.DateType));
    List<Located<String>> tieBreak = fields.texts("tieBreak");
    tieBreak.forEach(source::checkColumn);
    List<TypedAttribute> tracked = source.attributes(fields.items("tracked"));
    List<TypedAttribute> untracked = source.attributes(fields.items("untracked"));
    Optional<Located<String>> deleteWhen = fields.text("deleteWhen");
    deleteWhen.ifPresent(predicate -> source.check(predicate, DataTypes.BooleanType));
    fields.finish();
    if (table.isEmpty()) {
      return Optional.empty();
    }
    List<Located<StructField>> columns = new ArrayList<>();
    surrogateKey.ifPresent(key -> columns.add(column(key, DataTypes.LongType)));
    for (List<TypedAttribute> attributes : List.of(businessKey, tracked, untracked)) {
      attributes.forEach(attribute -> columns.add(column(attribute.name(), attribute.type())));
    }
    if (type == Star.ScdType.TYPE_2) {
      addValidity(table.get().at(), columns);
    }
    tables.addGold(table.get(), columns, mistakes);
    if (surrogateKey.isEmpty() || effectiveFrom.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Star.Dimension(
            table.get().value(),
            surrogateKey.get().value(),
            description,
            type,
            plain(businessKey),
            effectiveFrom.get().value(),
            tieBreak.stream().map(Located::value).toList(),
            plain(tracked),
            plain(untracked),
            deleteWhen.map(Located::value)));
  }

  private static void addValidity(Location at, List<Located<StructField>> columns) {
    List<Located<StructField>> own =
        List.of(
            column(new Located<>("valid_from", at), DataTypes.DateType),
            column(new Located<>("valid_to", at), DataTypes.DateType),
            column(new Located<>("is_current", at), DataTypes.BooleanType));
    // First, so that it is an attribute of the same name that is reported as the second one.
    columns.addAll(0, own);
  }

  /** Returns the calendar; absent where its table is not named. */
  Optional<Star.DateDimension> calendar(Fields fields) {
    Optional<Located<String>> table = tableName(fields);
    List<Located<String>> columns = fields.requiredTexts("columns");
    columns.forEach(source::checkDateColumn);
    Optional<Located<Integer>> month = fields.whole("fiscalYearStartMonth");
    month
        .filter(written -> written.value() < 1 || written.value() > 12)
        .ifPresent(
            written ->
                mistakes.add(
                    written.at(), "there is no month " + written.value(), "write 1 to 12"));
    List<Located<String>> holidays = fields.texts("holidays");
    holidays.forEach(
        holiday ->
            Holiday.problemOf(holiday.value())
                .ifPresent(problem -> mistakes.add(holiday.at(), problem, Holiday.FIX)));
    fields.finish();
    if (table.isEmpty()) {
      return Optional.empty();
    }
    Location at = table.get().at();
    tables.addGold(
        table.get(),
        Arrays.stream(TableSchemas.calendar().fields())
            .map(field -> new Located<>(field, at))
            .toList(),
        mistakes);
    return Optional.of(
        new Star.DateDimension(
            table.get().value(),
            columns.stream().map(Located::value).toList(),
            month.map(Located::value).orElse(1),
            holidays.stream().map(Located::value).toList()));
  }

  private Optional<Located<String>> tableName(Fields fields) {
    Optional<Located<String>> table = fields.requiredText("table");
    table.ifPresent(written -> Names.check("a table", written, mistakes));
    return table;
  }

  private Star.ScdType scdType(Fields fields) {
    fields.require("scdType");
    Optional<Located<BigDecimal>> written = fields.number("scdType");
    return switch (written.map(number -> number.value().toPlainString()).orElse("2")) {
      case "1" -> Star.ScdType.TYPE_1;
      case "2" -> Star.ScdType.TYPE_2;
      default -> {
        mistakes.add(
            written.get().at(),
            "a dimension of type " + written.get().value().toPlainString() + " is not known",
            "write 1 (overwrite) or 2 (keep the past)");
        yield Star.ScdType.TYPE_2;
      }
    };
  }

  static Located<StructField> column(Located<String> name, DataType type) {
    return new Located<>(new StructField(name.value(), type, true, Metadata.empty()), name.at());
  }

  static List<Star.Attribute> plain(List<TypedAttribute> attributes) {
    return attributes.stream().map(TypedAttribute::attribute).toList();
  }
}

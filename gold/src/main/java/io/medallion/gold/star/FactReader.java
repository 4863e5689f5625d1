package io.medallion.gold.star;

import static io.medallion.gold.star.DimensionReader.column;

import io.medallion.core.NearestName;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Names;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.gold.star.SourceColumns.TypedAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Reads the facts of a star. */
final class FactReader {
  private final SourceColumns source;
  private final TableSchemas tables;
  private final List<String> dimensions;
  private final Optional<Star.DateDimension> calendar;
  private final Mistakes mistakes;

  FactReader(
      SourceColumns source,
      TableSchemas tables,
      List<String> dimensions,
      Optional<Star.DateDimension> calendar,
      Mistakes mistakes) {
    this.source = source;
    this.tables = tables;
    this.dimensions = List.copyOf(dimensions);
    this.calendar = calendar;
    this.mistakes = mistakes;
  }

  /** Returns the fact; absent where its table is not named. */
  Optional<Star.Fact> fact(Node node) {
    return Fields.of(node, "a fact", mistakes).flatMap(this::fact);
  }

  private Optional<Star.Fact> fact(Fields fields) {
    Optional<Located<String>> table = fields.requiredText("table");
    table.ifPresent(written -> Names.check("a table", written, mistakes));
    String description = fields.text("description").map(Located::value).orElse("").strip();
    List<Located<String>> grain = fields.requiredTexts("grain");
    grain.forEach(source::checkColumn);
    checkGrain(grain);
    List<Located<StructField>> columns = new ArrayList<>();
    grain.forEach(name -> columns.add(column(name, source.typeOf(name.value()))));
    List<Star.DateReference> dates = new ArrayList<>();
    for (Node date : fields.items("dates")) {
      Fields.of(date, "a date reference", mistakes)
          .flatMap(item -> dateReference(item, columns))
          .ifPresent(dates::add);
    }
    List<Star.Reference> references = new ArrayList<>();
    for (Node reference : fields.items("references")) {
      Fields.of(reference, "a reference", mistakes)
          .flatMap(item -> reference(item, columns))
          .ifPresent(references::add);
    }
    List<TypedAttribute> attributes = source.attributes(fields.items("columns"));
    attributes.forEach(attribute -> columns.add(column(attribute.name(), attribute.type())));
    fields.finish();
    if (table.isEmpty()) {
      return Optional.empty();
    }
    columns.add(column(new Located<>("_file_id", table.get().at()), DataTypes.StringType));
    columns.add(column(new Located<>("_record_number", table.get().at()), DataTypes.LongType));
    tables.addGold(table.get(), columns, mistakes);
    return Optional.of(
        new Star.Fact(
            table.get().value(),
            description,
            grain.stream().map(Located::value).toList(),
            dates,
            references,
            DimensionReader.plain(attributes)));
  }

  private void checkGrain(List<Located<String>> grain) {
    Optional<Contract> contract = source.contract();
    if (contract.isEmpty() || grain.isEmpty()) {
      return;
    }
    List<String> names = grain.stream().map(Located::value).toList();
    List<String> key = contract.get().businessKey();
    if (source.names().containsAll(names)
        && (!Set.copyOf(names).equals(Set.copyOf(key)) || names.size() != key.size())) {
      mistakes.add(
          grain.get(0).at(),
          "the grain is not the key of `%s`".formatted(contract.get().table()),
          "write [" + String.join(", ", key) + "]");
    }
  }

  private Optional<Star.DateReference> dateReference(
      Fields fields, List<Located<StructField>> columns) {
    Optional<Located<String>> name = columnName(fields);
    Optional<Located<String>> date = fields.requiredText("date");
    date.ifPresent(source::checkDateColumn);
    fields.finish();
    name.ifPresent(written -> columns.add(column(written, DataTypes.IntegerType)));
    if (name.isEmpty() || date.isEmpty()) {
      return Optional.empty();
    }
    if (calendar.isEmpty()) {
      mistakes.add(
          name.get().at(), "the star has no calendar to refer to", "add a `dateDimension`");
    } else if (source.typeOf(date.get().value()).equals(DataTypes.DateType)
        && !calendar.get().columns().contains(date.get().value())) {
      mistakes.add(
          date.get().at(),
          "the calendar `%s` does not cover `%s`"
              .formatted(calendar.get().table(), date.get().value()),
          "add it to the `columns` of the `dateDimension`");
    }
    return Optional.of(new Star.DateReference(name.get().value(), date.get().value()));
  }

  private Optional<Star.Reference> reference(Fields fields, List<Located<StructField>> columns) {
    Optional<Located<String>> name = columnName(fields);
    Optional<Located<String>> dimension = fields.requiredText("dimension");
    dimension
        .filter(written -> !dimensions.contains(written.value()))
        .ifPresent(
            written ->
                mistakes.add(
                    written.at(),
                    "the star has no dimension `" + written.value() + "`",
                    NearestName.fix(written.value(), dimensions, "add it to `dimensions`")));
    Optional<Located<String>> asOf = fields.requiredText("asOf");
    asOf.ifPresent(expression -> source.check(expression, DataTypes.DateType));
    fields.finish();
    name.ifPresent(written -> columns.add(column(written, DataTypes.LongType)));
    if (name.isEmpty() || dimension.isEmpty() || asOf.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Star.Reference(name.get().value(), dimension.get().value(), asOf.get().value()));
  }

  private Optional<Located<String>> columnName(Fields fields) {
    Optional<Located<String>> name = fields.requiredText("column");
    name.ifPresent(written -> Names.check("a column", written, mistakes));
    return name;
  }
}

package io.medallion.gold.star;

import io.medallion.core.NearestName;
import io.medallion.core.contract.Names;
import io.medallion.core.contract.Severity;
import io.medallion.core.sql.SqlExpression;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** Reads the dataset checks of a star. */
final class CheckReader {
  private static final List<String> KINDS =
      List.of(
          "unique",
          "notNull",
          "relationship",
          "acceptedValues",
          "expression",
          "intervals",
          "agree",
          "rowCountRatio");

  private final SourceColumns source;
  private final TableSchemas tables;
  private final List<String> versionedTables;
  private final Mistakes mistakes;

  /**
   * @param versionedTables the type 2 dimensions
   */
  CheckReader(
      SourceColumns source, TableSchemas tables, List<String> versionedTables, Mistakes mistakes) {
    this.source = source;
    this.tables = tables;
    this.versionedTables = List.copyOf(versionedTables);
    this.mistakes = mistakes;
  }

  /** Returns the check, placed where it is named; absent where it has mistakes. */
  Optional<Located<Star.Check>> read(Node node) {
    Optional<Fields> found = Fields.of(node, "a check", mistakes);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    int before = mistakes.count();
    Optional<Located<String>> name = fields.requiredText("name");
    name.ifPresent(written -> Names.check("a check", written, mistakes));
    Optional<Located<String>> kind = fields.requiredText("kind");
    Severity severity = severity(fields);
    fields.ignore("description");
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    if (!KINDS.contains(kind.get().value())) {
      mistakes.add(
          kind.get().at(),
          "a check of kind `" + kind.get().value() + "` is not known",
          NearestName.fix(kind.get().value(), KINDS, ""));
      return Optional.empty();
    }
    Optional<Star.Check> check =
        read(fields, kind.get().value(), name.map(Located::value).orElse(""), severity);
    fields.finish();
    if (name.isEmpty() || mistakes.count() > before) {
      return Optional.empty();
    }
    return check.map(sound -> new Located<>(sound, name.get().at()));
  }

  private Optional<Star.Check> read(Fields fields, String kind, String name, Severity severity) {
    return switch (kind) {
      case "unique" -> {
        Optional<Table> table = table(fields, "table");
        List<Located<String>> columns = fields.requiredTexts("columns");
        table.ifPresent(found -> columns.forEach(column -> checkColumn(found, column)));
        Optional<String> where = where(fields, table);
        yield table.map(
            found ->
                new Star.Check.Unique(
                    name,
                    found.name().value(),
                    columns.stream().map(Located::value).toList(),
                    where,
                    severity));
      }
      case "notNull" -> {
        Optional<Table> table = table(fields, "table");
        Optional<String> column = column(fields, "column", table);
        Optional<String> where = where(fields, table);
        yield table.map(
            found ->
                new Star.Check.NotNull(
                    name, found.name().value(), column.orElse(""), where, severity));
      }
      case "relationship" -> {
        Optional<Table> table = table(fields, "table");
        Optional<String> column = column(fields, "column", table);
        Optional<Table> toTable = table(fields, "toTable");
        Optional<String> toColumn = column(fields, "toColumn", toTable);
        yield table.map(
            found ->
                new Star.Check.Relationship(
                    name,
                    found.name().value(),
                    column.orElse(""),
                    toTable.map(to -> to.name().value()).orElse(""),
                    toColumn.orElse(""),
                    severity));
      }
      case "acceptedValues" -> {
        Optional<Table> table = table(fields, "table");
        Optional<String> column = column(fields, "column", table);
        List<Located<String>> values = fields.requiredTexts("values");
        yield table.map(
            found ->
                new Star.Check.AcceptedValues(
                    name,
                    found.name().value(),
                    column.orElse(""),
                    values.stream().map(Located::value).toList(),
                    severity));
      }
      case "expression" -> {
        Optional<Table> table = table(fields, "table");
        Optional<Located<String>> predicate = fields.requiredText("predicate");
        if (table.isPresent() && predicate.isPresent()) {
          source.check(predicate.get(), DataTypes.BooleanType, table.get().schema());
        }
        yield table.map(
            found ->
                new Star.Check.Expression(
                    name,
                    found.name().value(),
                    predicate.map(Located::value).orElse(""),
                    severity));
      }
      case "intervals" -> intervals(fields, name, severity);
      case "agree" -> reconcile(fields, name, severity);
      default -> rowCountRatio(fields, name, severity);
    };
  }

  private Optional<Star.Check> intervals(Fields fields, String name, Severity severity) {
    Optional<Table> table = table(fields, "table");
    table
        .filter(found -> !versionedTables.contains(found.name().value()))
        .ifPresent(
            found ->
                mistakes.add(
                    found.name().at(),
                    "`" + found.name().value() + "` is no type 2 dimension of the star",
                    NearestName.fix(found.name().value(), versionedTables, "")));
    return table.map(found -> new Star.Check.Intervals(name, found.name().value(), severity));
  }

  private Optional<Star.Check> reconcile(Fields fields, String name, Severity severity) {
    Optional<Table> leftTable = table(fields, "leftTable");
    Optional<Located<String>> left = fields.requiredText("left");
    Optional<Table> rightTable = table(fields, "rightTable");
    Optional<Located<String>> right = fields.requiredText("right");
    DataType leftType = aggregateType(left, leftTable);
    DataType rightType = aggregateType(right, rightTable);
    boolean unknown = leftType.equals(DataTypes.NullType) || rightType.equals(DataTypes.NullType);
    boolean numbers = leftType instanceof NumericType && rightType instanceof NumericType;
    if (!unknown && !numbers && !leftType.equals(rightType)) {
      mistakes.add(
          right.orElseThrow().at(),
          "%s and %s cannot agree".formatted(leftType.simpleString(), rightType.simpleString()),
          "compare values of the same type");
    }
    if (leftTable.isEmpty() || rightTable.isEmpty() || left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Star.Check.Reconcile(
            name,
            leftTable.get().name().value(),
            left.get().value(),
            rightTable.get().name().value(),
            right.get().value(),
            severity));
  }

  private DataType aggregateType(Optional<Located<String>> aggregate, Optional<Table> table) {
    if (aggregate.isEmpty() || table.isEmpty() || source.contract().isEmpty()) {
      return DataTypes.NullType;
    }
    Located<String> written = aggregate.get();
    SqlExpression analysed = source.analyse(written.value(), table.get().schema());
    if (analysed instanceof SqlExpression.Valid valid && valid.aggregate()) {
      return valid.type();
    }
    if (analysed instanceof SqlExpression.Invalid invalid) {
      mistakes.add(written.at(), "`" + written.value() + "` " + invalid.problem(), invalid.fix());
    } else if (analysed instanceof SqlExpression.Valid) {
      mistakes.add(
          written.at(),
          "`" + written.value() + "` does not aggregate rows",
          "write an aggregate such as count(*) or sum(x)");
    }
    return DataTypes.NullType;
  }

  private Optional<Star.Check> rowCountRatio(Fields fields, String name, Severity severity) {
    Optional<Table> table = table(fields, "table");
    Optional<Table> toTable = table(fields, "toTable");
    fields.require("minimum");
    fields.require("maximum");
    Optional<Located<BigDecimal>> minimum = fields.number("minimum");
    Optional<Located<BigDecimal>> maximum = fields.number("maximum");
    if (minimum.isPresent()
        && maximum.isPresent()
        && minimum.get().value().compareTo(maximum.get().value()) > 0) {
      mistakes.add(
          minimum.get().at(),
          "no ratio lies between %s and %s"
              .formatted(
                  minimum.get().value().toPlainString(), maximum.get().value().toPlainString()),
          "write a minimum that is not greater than the maximum");
    }
    if (table.isEmpty() || toTable.isEmpty() || minimum.isEmpty() || maximum.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Star.Check.RowCountRatio(
            name,
            table.get().name().value(),
            toTable.get().name().value(),
            minimum.get().value(),
            maximum.get().value(),
            severity));
  }

  private record Table(Located<String> name, StructType schema) {}

  private Optional<Table> table(Fields fields, String key) {
    return fields
        .requiredText(key)
        .flatMap(name -> tables.find(name, mistakes).map(schema -> new Table(name, schema)));
  }

  private Optional<String> column(Fields fields, String key, Optional<Table> table) {
    Optional<Located<String>> column = fields.requiredText(key);
    if (column.isPresent() && table.isPresent()) {
      checkColumn(table.get(), column.get());
    }
    return column.map(Located::value);
  }

  private void checkColumn(Table table, Located<String> column) {
    TableSchemas.checkColumn(table.name(), table.schema(), column, mistakes);
  }

  private Optional<String> where(Fields fields, Optional<Table> table) {
    Optional<Located<String>> where = fields.text("where");
    if (where.isPresent() && table.isPresent()) {
      source.check(where.get(), DataTypes.BooleanType, table.get().schema());
    }
    return where.map(Located::value);
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
            "write `error` (the run fails) or `warning` (it is reported)");
        yield Severity.ERROR;
      }
    };
  }
}

package io.medallion.gold.star;

import io.medallion.core.NearestName;
import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Names;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.core.sql.SqlExpression;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of a star's source, and the expressions over them. */
final class SourceColumns {
  private final Optional<Contract> contract;
  private final StructType row;
  private final SqlAnalyser analyser;
  private final Mistakes mistakes;

  /**
   * @param contract of the source; absent where the star names none that exists: then nothing that
   *     depends on its columns is checked
   */
  SourceColumns(Optional<Contract> contract, SqlAnalyser analyser, Mistakes mistakes) {
    this.analyser = analyser;
    this.contract = contract;
    this.row = contract.map(TableSchemas::contractColumns).orElseGet(StructType::new);
    this.mistakes = mistakes;
  }

  /** An attribute, the place of its name, and its type (NULL's where the expression is wrong). */
  record TypedAttribute(Star.Attribute attribute, Located<String> name, DataType type) {}

  Optional<Contract> contract() {
    return contract;
  }

  List<String> names() {
    return List.of(row.fieldNames());
  }

  /** Returns the type of the source's column {@code name}; that of NULL where there is none. */
  DataType typeOf(String name) {
    return names().contains(name) ? row.apply(name).dataType() : DataTypes.NullType;
  }

  /** Notes {@code name} where the source has no such column. */
  void checkColumn(Located<String> name) {
    if (contract.isPresent() && !names().contains(name.value())) {
      mistakes.add(
          name.at(),
          "the source `%s` has no column `%s`".formatted(contract.get().table(), name.value()),
          NearestName.fix(name.value(), names(), ""));
    }
  }

  /** Notes {@code name} where the source has no such column of type date. */
  void checkDateColumn(Located<String> name) {
    checkColumn(name);
    if (names().contains(name.value()) && !typeOf(name.value()).equals(DataTypes.DateType)) {
      mistakes.add(
          name.at(),
          "`%s` is of type %s".formatted(name.value(), typeOf(name.value()).simpleString()),
          "name a column of type date");
    }
  }

  /**
   * Reads the attributes of {@code nodes}: each a source column, or a mapping of name, expression
   * and description.
   */
  List<TypedAttribute> attributes(List<Node> nodes) {
    List<TypedAttribute> attributes = new ArrayList<>();
    nodes.forEach(node -> attribute(node).ifPresent(attributes::add));
    return attributes;
  }

  private Optional<TypedAttribute> attribute(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.TEXT) {
      Located<String> name = new Located<>(scalar.text(), scalar.at());
      checkColumn(name);
      return Optional.of(
          new TypedAttribute(
              new Star.Attribute(name.value(), name.value(), descriptionOf(name.value())),
              name,
              typeOf(name.value())));
    }
    return Fields.of(node, "an attribute that is not a column of the source", mistakes)
        .flatMap(this::computed);
  }

  private Optional<TypedAttribute> computed(Fields fields) {
    Optional<Located<String>> name = fields.requiredText("name");
    name.ifPresent(written -> Names.check("an attribute", written, mistakes));
    Optional<Located<String>> expression = fields.requiredText("expression");
    Optional<String> description = fields.text("description").map(Located::value);
    fields.finish();
    DataType type = expression.map(this::valueType).orElse(DataTypes.NullType);
    if (name.isEmpty() || expression.isEmpty()) {
      return Optional.empty();
    }
    String sql = expression.get().value();
    return Optional.of(
        new TypedAttribute(
            new Star.Attribute(
                name.get().value(), sql, description.orElseGet(() -> descriptionOf(sql)).strip()),
            name.get(),
            type));
  }

  private DataType valueType(Located<String> expression) {
    DataType type = typeOf(expression, row);
    if (type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType)) {
      mistakes.add(
          expression.at(),
          "`%s` is of type %s, which is not exact"
              .formatted(expression.value(), type.simpleString()),
          "cast it: CAST(… AS DECIMAL(18,5))");
    }
    return type;
  }

  /** Notes {@code expression} over the source where its value is not of type {@code expected}. */
  void check(Located<String> expression, DataType expected) {
    check(expression, expected, row);
  }

  /**
   * Notes {@code expression} over {@code table} where its value is not of type {@code expected}.
   */
  void check(Located<String> expression, DataType expected, StructType table) {
    DataType type = typeOf(expression, table);
    if (!type.equals(expected) && !type.equals(DataTypes.NullType)) {
      mistakes.add(
          expression.at(),
          "`%s` is of type %s".formatted(expression.value(), type.simpleString()),
          "write an expression of type " + expected.simpleString());
    }
  }

  /** What an expression over a table is. */
  SqlExpression analyse(String sql, StructType table) {
    return analyser.analyse(sql, table);
  }

  private DataType typeOf(Located<String> expression, StructType table) {
    if (contract.isEmpty()) {
      return DataTypes.NullType;
    }
    SqlExpression analysed = analyse(expression.value(), table);
    if (analysed instanceof SqlExpression.Valid valid && !valid.aggregate()) {
      return valid.type();
    }
    if (analysed instanceof SqlExpression.Invalid invalid) {
      mistakes.add(
          expression.at(), "`" + expression.value() + "` " + invalid.problem(), invalid.fix());
    } else if (analysed instanceof SqlExpression.Valid) {
      mistakes.add(
          expression.at(),
          "`" + expression.value() + "` aggregates rows",
          "use the columns of one row only");
    }
    return DataTypes.NullType;
  }

  private String descriptionOf(String column) {
    return contract.stream()
        .flatMap(source -> source.columns().stream())
        .filter(candidate -> candidate.name().equals(column))
        .map(Column::description)
        .findFirst()
        .orElse("");
  }
}

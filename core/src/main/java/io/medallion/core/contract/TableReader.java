package io.medallion.core.contract;

import io.medallion.core.NearestName;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.core.sql.SqlExpression;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads the schema object of a contract, and checks what spans several columns. */
final class TableReader {
  private final CompanionFiles files;
  private final SqlAnalyser analyser;
  private final Mistakes mistakes;

  TableReader(CompanionFiles files, SqlAnalyser analyser, Mistakes mistakes) {
    this.files = files;
    this.analyser = analyser;
    this.mistakes = mistakes;
  }

  /** What the schema object gives a contract. */
  record Table(
      Located<String> name,
      String description,
      List<Column> columns,
      List<String> businessKey,
      List<String> sequence,
      List<Rule> rules,
      List<Feed> feeds) {}

  /** Returns the table; absent where it has mistakes. */
  Optional<Table> read(Fields fields) {
    int before = mistakes.count();
    Optional<Located<String>> name = fields.requiredText("name");
    name.ifPresent(written -> Names.checkTable("a table", written, mistakes));
    fields
        .requiredText("logicalType")
        .filter(written -> !written.value().equals("object"))
        .ifPresent(
            written ->
                mistakes.add(
                    written.at(),
                    "a table's logical type is not `" + written.value() + "`",
                    "write `object`"));
    Optional<Located<String>> description = fields.requiredText("description");
    fields.ignore(
        "id",
        "physicalType",
        "businessName",
        "authoritativeDefinitions",
        "tags",
        "dataGranularityDescription",
        "relationships");
    fields.refuse(
        "physicalName", "a table is stored under its `name`", "remove it, or change `name`");

    QualityReader quality = new QualityReader(mistakes);
    ColumnReader columnReader = new ColumnReader(quality, mistakes);
    List<ColumnReader.Draft> drafts = new ArrayList<>();
    fields
        .requiredItems("properties")
        .forEach(node -> columnReader.read(node).ifPresent(drafts::add));
    List<Located<Rule>> rules = new ArrayList<>();
    drafts.forEach(draft -> rules.addAll(draft.rules()));
    for (Node node : fields.items("quality")) {
      quality.read(node, Optional.empty()).ifPresent(rules::add);
    }
    Fields custom = CustomProperties.of(fields, "a schema object", mistakes);
    List<Located<String>> sequence = custom.texts("sequence");
    List<String> businessKey = businessKey(drafts, fields);
    KnownColumns known = KnownColumns.of(drafts, businessKey, sequence);
    List<Located<Feed>> feeds = new ArrayList<>();
    FeedReader feedReader = new FeedReader(new TopicReader(known, files, mistakes), mistakes);
    custom.requiredItems("feeds").forEach(node -> feedReader.read(node).ifPresent(feeds::add));
    custom.finish();
    fields.finish();

    List<Located<String>> names = drafts.stream().flatMap(draft -> draft.name().stream()).toList();
    distinct("column", names, Function.identity());
    distinct("rule", rules, Rule::name);
    distinct("feed", feeds, Feed::name);
    checkHeaders(drafts);
    checkSequence(sequence, names.stream().map(Located::value).toList());
    checkPredicates(quality.predicates(), drafts);
    if (mistakes.count() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new Table(
            name.orElseThrow(),
            description.orElseThrow().value().strip(),
            drafts.stream().map(draft -> draft.column().orElseThrow()).toList(),
            businessKey,
            sequence.stream().map(Located::value).toList(),
            rules.stream().map(Located::value).toList(),
            feeds.stream().map(Located::value).toList()));
  }

  private <T> void distinct(String what, List<Located<T>> items, Function<T, String> nameOf) {
    Map<String, Located<T>> seen = new HashMap<>();
    for (Located<T> item : items) {
      String name = nameOf.apply(item.value());
      Located<T> first = seen.putIfAbsent(name, item);
      if (first != null) {
        mistakes.add(
            item.at(),
            "a second %s is named `%s`, after line %d".formatted(what, name, first.at().line()),
            "give one of them another name");
      }
    }
  }

  private void checkHeaders(List<ColumnReader.Draft> drafts) {
    Map<String, String> owners = new HashMap<>();
    for (ColumnReader.Draft draft : drafts) {
      if (draft.name().isEmpty()) {
        continue;
      }
      String column = draft.name().get().value();
      for (Located<String> header : draft.headers()) {
        String normalised = HeaderName.normalise(header.value());
        String owner = owners.putIfAbsent(normalised, column);
        if (normalised.isEmpty()) {
          mistakes.add(
              header.at(),
              "the alias '" + header.value() + "' has neither letter nor digit",
              "remove it");
        } else if (owner != null && !owner.equals(column)) {
          mistakes.add(
              header.at(),
              "the header '%s' would be `%s` as well as `%s`"
                  .formatted(header.value(), owner, column),
              "keep it with one of the two columns");
        }
      }
    }
  }

  private void checkSequence(List<Located<String>> sequence, List<String> columns) {
    distinct("sequence column", sequence, Function.identity());
    for (Located<String> name : sequence) {
      if (!columns.contains(name.value())) {
        mistakes.add(
            name.at(),
            "the sequence column `" + name.value() + "` does not exist",
            NearestName.fix(name.value(), columns, ""));
      }
    }
  }

  private List<String> businessKey(List<ColumnReader.Draft> drafts, Fields fields) {
    List<ColumnReader.Draft> keys =
        drafts.stream()
            .filter(draft -> draft.keyPosition().isPresent() && draft.name().isPresent())
            .sorted(Comparator.comparing(draft -> draft.keyPosition().get().value()))
            .toList();
    if (keys.isEmpty() && !drafts.isEmpty()) {
      mistakes.add(
          fields.at(),
          "no column belongs to the primary key, so that versions of a row cannot be told",
          "add `primaryKey: true` to the columns that identify a row");
    }
    Map<Integer, String> positions = new HashMap<>();
    for (ColumnReader.Draft key : keys) {
      String name = key.name().orElseThrow().value();
      Located<Integer> position = key.keyPosition().orElseThrow();
      if (!key.required()) {
        mistakes.add(
            key.name().orElseThrow().at(),
            "the key column `" + name + "` may be absent",
            "add `required: true`");
      }
      if (position.value() < 1 && (keys.size() > 1 || position.value() != -1)) {
        mistakes.add(
            position.at(),
            "the key column `" + name + "` has no position among the " + keys.size(),
            "add `primaryKeyPosition`, counted from 1");
      } else {
        String other = positions.putIfAbsent(position.value(), name);
        if (other != null) {
          mistakes.add(
              position.at(),
              "`%s` and `%s` both have position %d in the key"
                  .formatted(other, name, position.value()),
              "number the key columns from 1, each once");
        }
      }
    }
    for (ColumnReader.Draft draft : drafts) {
      boolean isKey = keys.size() == 1 && keys.get(0) == draft;
      if (draft.unique().isPresent() && !isKey) {
        mistakes.add(
            draft.unique().get(),
            "`unique` cannot be checked record by record",
            "make the column the primary key, or check it in a star");
      }
    }
    return keys.stream().map(key -> key.name().orElseThrow().value()).toList();
  }

  private void checkPredicates(List<Located<String>> predicates, List<ColumnReader.Draft> drafts) {
    StructType row = new StructType();
    for (ColumnReader.Draft draft : drafts) {
      Optional<String> name = draft.name().map(Located::value);
      if (name.isPresent() && !Arrays.asList(row.fieldNames()).contains(name.get())) {
        // A column whose type has a mistake fits everywhere: it is reported once, not twice.
        row =
            row.add(
                name.get(), draft.type().map(LogicalType::sparkType).orElse(DataTypes.NullType));
      }
    }
    for (Located<String> predicate : predicates) {
      SqlExpression analysed = analyser.analyse(predicate.value(), row);
      String quoted = "the predicate `" + predicate.value() + "` ";
      if (analysed instanceof SqlExpression.Invalid invalid) {
        mistakes.add(predicate.at(), quoted + invalid.problem(), invalid.fix());
      } else if (analysed instanceof SqlExpression.Valid valid) {
        if (valid.aggregate()) {
          mistakes.add(
              predicate.at(), quoted + "aggregates rows", "use the columns of one row only");
        } else if (!valid.type().equals(DataTypes.BooleanType)) {
          mistakes.add(
              predicate.at(),
              quoted + "is of type " + valid.type().simpleString(),
              "write one that is true or false");
        }
      }
    }
  }
}

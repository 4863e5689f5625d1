package io.medallion.core.contract;

import io.medallion.core.NearestName;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a feed of kind {@code topic} has beside the keys of every feed. */
final class TopicReader {
  private static final int DEFAULT_MAX_VALUE_BYTES = 1 << 20;
  private static final String HEADER_PREFIX = "header.";

  private final KnownColumns columns;
  private final CompanionFiles files;
  private final Mistakes mistakes;

  TopicReader(KnownColumns columns, CompanionFiles files, Mistakes mistakes) {
    this.columns = columns;
    this.files = files;
    this.mistakes = mistakes;
  }

  /** Returns the topic; absent where it has mistakes. */
  Optional<Topic> read(Fields fields) {
    int before = mistakes.count();
    Optional<Located<String>> topic = fields.requiredText("topic");
    topic
        .filter(name -> !name.value().matches("[A-Za-z0-9._-]{1,249}"))
        .ifPresent(
            name ->
                mistakes.add(
                    name.at(),
                    "`" + name.value() + "` is no name of a topic",
                    "use letters, digits, dots, underscores and hyphens, at most 249"));
    Optional<Topic.Operation> operation = fields.fields("operation").flatMap(this::operation);
    Optional<Topic.Format> format = format(fields, operation);
    Optional<Topic.Tombstone> tombstone = fields.fields("tombstone").flatMap(this::tombstone);
    int maxValueBytes = maxValueBytes(fields);
    for (String key : List.of("delimiter", "encodings")) {
      fields.refuse(key, "`" + key + "` is for files, not for topics", "remove it");
    }
    if (mistakes.count() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new Topic(
            topic.orElseThrow().value(),
            format.orElseThrow(),
            maxValueBytes,
            operation,
            tombstone));
  }

  private Optional<Topic.Format> format(Fields fields, Optional<Topic.Operation> operation) {
    Optional<Located<String>> format = fields.requiredText("format");
    if (format.isEmpty()) {
      fields.ignore("schema", "framing");
      return Optional.empty();
    }
    switch (format.get().value()) {
      case "avro":
        return avro(fields, operation);
      case "json":
        for (String key : List.of("schema", "framing")) {
          fields.refuse(key, "`" + key + "` is for Avro, not for JSON", "remove it");
        }
        return Optional.of(new Topic.Json());
      default:
        fields.ignore("schema", "framing");
        mistakes.add(
            format.get().at(),
            "the format `" + format.get().value() + "` is not known for a topic",
            NearestName.fix(format.get().value(), List.of("json", "avro"), ""));
        return Optional.empty();
    }
  }

  private Optional<Topic.Format> avro(Fields fields, Optional<Topic.Operation> operation) {
    Topic.Framing framing =
        choice(fields.text("framing"), "framing", Topic.Framing.values())
            .orElse(Topic.Framing.NONE);
    Optional<Located<String>> schema = fields.requiredText("schema");
    if (schema.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text =
          new String(files.read(schema.get().value()), java.nio.charset.StandardCharsets.UTF_8);
      new AvroSchemaCheck(columns, operation, schema.get().at(), mistakes).check(text);
      return Optional.of(new Topic.Avro(text, framing));
    } catch (IOException e) {
      mistakes.add(
          schema.get().at(),
          "the schema file `" + schema.get().value() + "` cannot be read: " + e,
          "put it into the contract's folder and name it as it is called there");
      return Optional.empty();
    }
  }

  private Optional<Topic.Operation> operation(Fields fields) {
    Optional<Located<String>> field = fields.requiredText("field");
    field
        .filter(name -> columns.column(name.value()).isPresent())
        .ifPresent(
            name ->
                mistakes.add(
                    name.at(),
                    "the operation's field `" + name.value() + "` is a column as well",
                    "rename the column, or the field at its source"));
    List<Located<String>> upserts = fields.requiredTexts("upsert");
    List<Located<String>> deletes = fields.requiredTexts("delete");
    Set<String> seen = new HashSet<>();
    List<Located<String>> all = new ArrayList<>(upserts);
    all.addAll(deletes);
    for (Located<String> value : all) {
      if (!seen.add(value.value())) {
        mistakes.add(
            value.at(), "the operation `" + value.value() + "` is named twice", "keep one of them");
      }
    }
    fields.finish();
    return field.map(name -> new Topic.Operation(name.value(), values(upserts), values(deletes)));
  }

  private static List<String> values(List<Located<String>> located) {
    return located.stream().map(Located::value).toList();
  }

  private Optional<Topic.Tombstone> tombstone(Fields fields) {
    Optional<Located<String>> written = fields.requiredText("key");
    Optional<Topic.KeyFormat> key = choice(written, "key", Topic.KeyFormat.values());
    if (key.isPresent() && key.get() == Topic.KeyFormat.TEXT && columns.businessKey().size() > 1) {
      mistakes.add(
          written.orElseThrow().at(),
          "a key of plain text cannot hold the "
              + columns.businessKey().size()
              + " columns of the business key",
          "write `json`, and key the events by a JSON object of "
              + String.join(", ", columns.businessKey()));
    }
    Map<String, Topic.SequenceSource> sequence = new HashMap<>();
    Optional<Node> node = fields.node("sequence");
    node.ifPresent(n -> sequence(n, sequence));
    for (String column : columns.sequence()) {
      if (!sequence.containsKey(column)) {
        mistakes.add(
            node.map(Node::at).orElse(fields.at()),
            "a tombstone has no value for the sequence column `"
                + column
                + "`, so that it cannot be ordered among other events",
            "add `sequence: {" + column + ": timestamp}`, or `header.NAME`");
        sequence.put(column, new Topic.EventTimestamp());
      }
    }
    fields.finish();
    return key.map(format -> new Topic.Tombstone(format, sequence));
  }

  private void sequence(Node node, Map<String, Topic.SequenceSource> sequence) {
    if (!(node instanceof Node.Mapping mapping)) {
      mistakes.add(
          node.at(),
          "`sequence` must be a mapping, but is " + node.describe(),
          "write {column: …}");
      return;
    }
    for (Node.Entry entry : mapping.entries()) {
      if (!columns.sequence().contains(entry.key())) {
        mistakes.add(
            entry.at(),
            "`" + entry.key() + "` is no sequence column of the contract",
            NearestName.fix(entry.key(), columns.sequence(), "remove it"));
      }
      sequence.put(entry.key(), source(entry.key(), entry.value()));
    }
  }

  private Topic.SequenceSource source(String column, Node value) {
    String text = value instanceof Node.Scalar scalar ? scalar.text() : "";
    if (text.startsWith(HEADER_PREFIX) && text.length() > HEADER_PREFIX.length()) {
      return new Topic.Header(text.substring(HEADER_PREFIX.length()));
    }
    LogicalType type = columns.types().get(column);
    if (!text.equals("timestamp")) {
      mistakes.add(
          value.at(),
          "a tombstone's `" + column + "` cannot come from " + value.describe(),
          "write `timestamp` for the event's own, or `header.NAME`");
    } else if (type != null && !(type instanceof LogicalType.Timestamp)) {
      mistakes.add(
          value.at(),
          "an event's timestamp is no " + type + ", which `" + column + "` is",
          "write `header.NAME`");
    }
    return new Topic.EventTimestamp();
  }

  private <E extends Enum<E>> Optional<E> choice(
      Optional<Located<String>> written, String key, E[] values) {
    if (written.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (E value : values) {
      String name = value.name().toLowerCase(Locale.ROOT);
      if (name.equals(written.get().value())) {
        return Optional.of(value);
      }
      names.add("`" + name + "`");
    }
    mistakes.add(
        written.get().at(),
        "the " + key + " `" + written.get().value() + "` is not known",
        "write " + String.join(" or ", names));
    return Optional.empty();
  }

  private int maxValueBytes(Fields fields) {
    Optional<Located<Integer>> bytes = fields.whole("maxValueBytes");
    Optional<Location> wrong = bytes.filter(b -> b.value() < 1).map(Located::at);
    wrong.ifPresent(
        at -> mistakes.add(at, "no value has fewer than one byte", "write a positive number"));
    return bytes.map(Located::value).orElse(DEFAULT_MAX_VALUE_BYTES);
  }
}

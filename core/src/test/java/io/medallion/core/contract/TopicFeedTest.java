package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopicFeedTest {
  private static final String FEED =
      """
                - name: order_events
                  kind: topic
                  topic: orders.v1
                  format: json
                  maxValueBytes: 2048
                  operation: {field: op, upsert: [c, u], delete: [d]}
                  tombstone: {key: text, sequence: {changed: header.changed-at}}
                  datePatterns: [yyyyMMdd]
      """;

  /** Every column of the contract, each in the type that fits it best. */
  private static final String SCHEMA =
      """
      {"type": "record", "name": "OrderEvent", "fields": [
        {"name": "op", "type": ["null", "string"]},
        {"name": "id", "type": "string"},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["new", "sent"]}},
        {"name": "order_day", "type": ["null", {"type": "int", "logicalType": "date"}]},
        {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "lines", "type": "long"},
        {"name": "paid", "type": ["null", "boolean"]},
        {"name": "changed", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "note", "type": {"type": "map", "values": "double"}}]}
      """;

  @TempDir Path folder;

  private static String withFeed(String feed) {
    return OrdersContract.yaml() + feed;
  }

  private static String avro(String file) {
    return FEED.replace("format: json", "format: avro\n            schema: " + file);
  }

  @Test
  void readsATopicBesideTheFilesOfTheSameTable() {
    Contract contract = OrdersContract.read(withFeed(FEED));

    assertThat(contract.feeds().stream().map(Feed::name))
        .containsExactly("orders", "orders_export", "order_events");
    assertThat(contract.feeds().get(1).topic()).isEmpty();
    assertThat(contract.feed("order_events"))
        .isEqualTo(
            Feed.ofTopic(
                "order_events",
                List.of("yyyyMMdd"),
                DatePatterns.ISO_TIMESTAMPS,
                new Topic(
                    "orders.v1",
                    new Topic.Json(),
                    2048,
                    Optional.of(new Topic.Operation("op", List.of("c", "u"), List.of("d"))),
                    Optional.of(
                        new Topic.Tombstone(
                            Topic.KeyFormat.TEXT,
                            Map.of("changed", new Topic.Header("changed-at")))))));
    assertThat(contract.remembersDeletes()).isTrue();
    assertThat(OrdersContract.read(OrdersContract.yaml()).remembersDeletes()).isFalse();
  }

  @Test
  void admitsAMebibyteWhereNothingElseIsSaid() {
    Contract contract =
        OrdersContract.read(withFeed(FEED.replace("            maxValueBytes: 2048\n", "")));

    assertThat(contract.feed("order_events").topic().orElseThrow().maxValueBytes())
        .isEqualTo(1_048_576);
  }

  @Test
  void readsTheSchemaBesideTheContractAndNoticesItsEdits() throws IOException {
    Contract contract = readFile(withFeed(avro("order.avsc")), SCHEMA);

    assertThat(contract.feed("order_events").topic().orElseThrow().format())
        .isEqualTo(new Topic.Avro(SCHEMA, Topic.Framing.NONE));
    assertThat(readFile(withFeed(avro("order.avsc")), SCHEMA + " ").digest())
        .isNotEqualTo(contract.digest());
    String framed = avro("order.avsc").replace("schema:", "framing: registry\n            schema:");
    assertThat(
            readFile(withFeed(framed), SCHEMA).feed("order_events").topic().orElseThrow().format())
        .isEqualTo(new Topic.Avro(SCHEMA, Topic.Framing.REGISTRY));
  }

  private Contract readFile(String yaml, String schema) throws IOException {
    Files.writeString(folder.resolve("order.avsc"), schema);
    return new ContractReader().read(Files.writeString(folder.resolve("orders.odcs.yaml"), yaml));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "kind: topic",
            "kind: stream",
            "61:19: the kind `stream` is not known",
            "write `files` or `topic`"),
        mistake(
            "topic: orders.v1",
            "topic: orders/v1",
            "62:20: `orders/v1` is no name of a topic",
            "use letters, digits, dots, underscores and hyphens, at most 249"),
        mistake(
            "format: json",
            "format: jsn",
            "63:21: the format `jsn` is not known for a topic",
            "write `json`"),
        mistake(
            "format: json",
            "format: json\n            schema: a.avsc\n            delimiter: ';'",
            "64:13: `schema` is for Avro, not for JSON",
            "remove it",
            "65:13: `delimiter` is for files, not for topics",
            "remove it"),
        mistake(
            "maxValueBytes: 2048",
            "maxValueBytes: 0",
            "64:28: no value has fewer than one byte",
            "write a positive number"),
        mistake(
            "field: op, upsert: [c, u], delete: [d]",
            "field: Order Day, upsert: [c, d], delete: [d]",
            "65:32: the operation's field `Order Day` is a column as well",
            "rename the column, or the field at its source",
            "65:68: the operation `d` is named twice",
            "keep one of them"),
        mistake(
            "field: op, upsert: [c, u], delete: [d]",
            "field: op",
            "65:24: `operation` has no `upsert`",
            "add `upsert: …`",
            "65:24: `operation` has no `delete`",
            "add `delete: …`"),
        mistake(
            "key: text, sequence: {changed: header.changed-at}",
            "key: avro",
            "66:30: the key `avro` is not known",
            "write `json` or `text`",
            "66:24: a tombstone has no value for the sequence column `changed`, so that it cannot"
                + " be ordered among other events",
            "add `sequence: {changed: timestamp}`, or `header.NAME`"),
        mistake(
            "changed: header.changed-at",
            "changed: now, day: timestamp",
            "66:56: a tombstone's `changed` cannot come from the text 'now'",
            "write `timestamp` for the event's own, or `header.NAME`",
            "66:61: `day` is no sequence column of the contract",
            "use one of changed, or remove it",
            "66:66: an event's timestamp is no date, which `day` is",
            "write `header.NAME`"));
  }

  private static Arguments mistake(String correct, String wrong, String... expected) {
    return OrdersContract.mistake(wrong, correct, wrong, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertThat(FEED).containsOnlyOnce(correct);
    assertThatThrownBy(() -> OrdersContract.read(withFeed(FEED.replace(correct, wrong))))
        .isInstanceOf(ConfigurationException.class)
        .extracting(e -> ((ConfigurationException) e).mistakes().stream().map(Object::toString))
        .satisfies(
            found ->
                assertThat((Stream<?>) found)
                    .map(Object::toString)
                    .containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void holdsTheSchemaAgainstTheColumns() {
    String wrong =
        """
        {"type": "record", "name": "OrderEvent", "fields": [
          {"name": "op", "type": "int"},
          {"name": "state", "type": "int"},
          {"name": "STATE", "type": "string"},
          {"name": "day", "type": "int"},
          {"name": "amount", "type": "double"},
          {"name": "lines", "type": ["int", "string"]},
          {"name": "paid", "type": {"type": "array", "items": "boolean"}},
          {"name": "changed", "type": {"type": "long", "logicalType": "local-timestamp-millis"}}]}
        """;

    assertThat(mistakesOf(wrong))
        .containsExactlyInAnyOrder(
            "the schema's field `op` is of type int, which cannot hold an operation exactly",
            "the schema's field `state` is of type int, which cannot hold the string of its column"
                + " exactly",
            "the schema's fields `state` and `STATE` are both the column `state`",
            "the schema's field `day` is of type int, which cannot hold the date of its column"
                + " exactly",
            "the schema's field `amount` is of type double, which cannot hold the decimal(12,2) of"
                + " its column exactly",
            "the schema's field `lines` may be of 2 types",
            "the schema's field `paid` is of type array, which cannot hold the boolean of its"
                + " column exactly",
            "the schema's field `changed` is of type local-timestamp-millis, which cannot hold the"
                + " timestamp of its column exactly",
            "the schema has no field for the required column `id`");
  }

  @Test
  void refusesASchemaThatIsNoneThatIsNoRecordOrThatContainsItself() {
    assertThat(mistakesOf("{\"type\": \"rekord\"}"))
        .singleElement()
        .asString()
        .startsWith("the schema is not Avro: ");
    assertThat(mistakesOf("\"string\"")).containsExactly("the schema is of type string");
    assertThat(
            mistakesOf(
                "{\"type\": \"record\", \"name\": \"Node\", \"fields\": [{\"name\": \"next\","
                    + " \"type\": [\"null\", \"Node\"]}]}"))
        .containsExactly("the schema contains itself");
  }

  @Test
  void refusesASchemaFileThatIsNotThere() throws IOException {
    Path file =
        Files.writeString(folder.resolve("orders.odcs.yaml"), withFeed(avro("missing.avsc")));

    assertThatThrownBy(() -> new ContractReader().read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "orders.odcs.yaml:64:21: the schema file `missing.avsc` cannot be read")
        .hasMessageContaining("fix: put it into the contract's folder");
  }

  private List<String> mistakesOf(String schema) {
    try {
      readFile(withFeed(avro("order.avsc")), schema);
      return List.of();
    } catch (ConfigurationException e) {
      return e.mistakes().stream().map(m -> m.problem()).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

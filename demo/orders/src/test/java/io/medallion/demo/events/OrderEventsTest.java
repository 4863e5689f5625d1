package io.medallion.demo.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medallion.demo.events.EventOptions.Format;
import io.medallion.demo.orders.CsvFile;
import io.medallion.demo.orders.OrderLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderEventsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final int PARTITIONS = 3;

  @TempDir private Path folder;

  private static List<OrderEvent> events(EventOptions options) {
    List<OrderEvent> events = new ArrayList<>();
    OrderEvents.of(options).forEachRemaining(events::add);
    return events;
  }

  private static List<Change> changes(List<OrderEvent> events) {
    return events.stream()
        .filter(event -> !event.broken())
        .map(event -> ((OrderEvent.Sound) event.meaning()).change())
        .toList();
  }

  private static String text(OrderEvent event) {
    return event.key().map(key -> new String(key, UTF_8))
        + " "
        + event.value().map(Arrays::hashCode)
        + " "
        + event.timestampMillis();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void equalOptionsGiveEqualEvents(Format format) {
    EventOptions options = EventOptions.of(1_000).withFormat(format).withFaultRate(0.1);

    List<String> events = events(options).stream().map(OrderEventsTest::text).toList();

    assertThat(events).hasSize(1_000);
    assertThat(events(options).stream().map(OrderEventsTest::text).toList()).isEqualTo(events);
    assertThat(events(options.withSeed(2)).stream().map(OrderEventsTest::text).toList())
        .isNotEqualTo(events);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void everyFaultOfTheFormatComesAtTheRateAskedFor(Format format) {
    EventOptions options = EventOptions.of(2_000).withFormat(format).withFaultRate(0.1);

    List<OrderEvent> broken = events(options).stream().filter(OrderEvent::broken).toList();

    assertThat(broken.size() / 2_000.0).isCloseTo(0.1, within(0.002));
    assertThat(broken)
        .extracting(event -> ((OrderEvent.Broken) event.meaning()).fault())
        .containsAll(EventEncoding.of(format).faults());
    assertThat(broken)
        .anyMatch(event -> event.value().isPresent() && event.value().get().length > 5_000_000);
  }

  @Test
  void withoutFaultsNoEventIsBroken() {
    assertThat(events(EventOptions.of(500).withFaultRate(0))).noneMatch(OrderEvent::broken);
  }

  @Test
  void eventsComeLateTwiceReorderedAndAfterTheirDelete() {
    List<Change> changes = changes(events(EventOptions.of(3_000)));

    Map<OrderLine.Key, Instant> deleted = new HashMap<>();
    Map<OrderLine.Key, Instant> latest = new HashMap<>();
    Set<Change> seen = new HashSet<>();
    int repeated = 0;
    int reordered = 0;
    int olderThanDelete = 0;
    int backAgain = 0;
    int tombstones = 0;
    int operations = 0;
    for (Change change : changes) {
      if (!seen.add(change)) {
        repeated++;
        continue;
      }
      Instant before = latest.getOrDefault(change.key(), Instant.MIN);
      reordered += change.at().isBefore(before) ? 1 : 0;
      latest.merge(change.key(), change.at(), (a, b) -> a.isAfter(b) ? a : b);
      if (change instanceof Change.Delete delete) {
        deleted.merge(change.key(), change.at(), (a, b) -> a.isAfter(b) ? a : b);
        tombstones += delete.tombstone() ? 1 : 0;
        operations += delete.tombstone() ? 0 : 1;
      } else if (deleted.containsKey(change.key())) {
        boolean older = change.at().isBefore(deleted.get(change.key()));
        olderThanDelete += older ? 1 : 0;
        backAgain += older ? 0 : 1;
      }
    }
    assertThat(repeated).as("repeated").isBetween(100, 200);
    assertThat(reordered).as("re-ordered").isGreaterThan(50);
    assertThat(olderThanDelete).as("inserts that come after their delete").isPositive();
    assertThat(backAgain).as("lines that come back after their delete").isPositive();
    assertThat(tombstones).as("tombstones").isGreaterThan(20);
    assertThat(operations).as("deletes by operation").isGreaterThan(20);
    assertThat(seen.stream().map(Change::at).distinct().count())
        .as("no two changes at one time")
        .isEqualTo(seen.size());
  }

  @Test
  void aSoundValueIsOneJsonObjectWithNumbersAsNumbers() throws IOException {
    int upserts = 0;
    for (OrderEvent event : events(EventOptions.of(600))) {
      if (event.broken() || event.value().isEmpty()) {
        continue;
      }
      JsonNode value = JSON.readTree(event.value().get());
      JsonNode key = JSON.readTree(event.key().orElseThrow());
      Change change = changes(List.of(event)).get(0);
      assertThat(key.fieldNames()).toIterable().containsExactly("order_id", "row_id");
      assertThat(value.get("order_id")).isEqualTo(key.get("order_id"));
      assertThat(value.get("row_id").longValue()).isEqualTo(change.key().rowId());
      assertThat(Instant.parse(value.get("updated_at").textValue())).isEqualTo(change.at());
      if (change instanceof Change.Upsert upsert) {
        upserts++;
        assertThat(value.get("sales").decimalValue())
            .isEqualByComparingTo(upsert.line().amounts().sales());
        assertThat(value.get("quantity").isIntegralNumber()).isTrue();
        assertThat(value.get("customer_name").textValue().strip().replace("\u00a0", "").strip())
            .isEqualTo(upsert.line().customer().name());
        assertThat(value.get("op").textValue()).isIn("insert", "update", "upsert");
      } else {
        assertThat(value.get("op").textValue()).isEqualTo("delete");
      }
    }
    assertThat(upserts).isGreaterThan(400);
  }

  @Test
  void aSoundValueIsOneAvroRecordBehindItsHeader() throws IOException {
    Schema schema = new Schema.Parser().parse(AvroEncoding.SCHEMA);
    int records = 0;
    for (OrderEvent event : events(EventOptions.of(300).withFormat(Format.AVRO_REGISTRY))) {
      if (event.broken() || event.value().isEmpty()) {
        continue;
      }
      byte[] value = event.value().get();
      var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
      GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
      Change change = changes(List.of(event)).get(0);
      assertThat(value[0]).isZero();
      assertThat(decoder.isEnd()).isTrue();
      assertThat(record.get("order_id")).hasToString(change.key().orderId());
      assertThat(record.get("updated_at")).isEqualTo(change.at().toEpochMilli());
      records++;
    }
    assertThat(records).isGreaterThan(200);
  }

  /** What is left is the latest change of each key, however its events were sent. */
  @Test
  void theTruthIsTheLatestChangeOfEachKeyAndEveryEventHasAFate() throws IOException {
    EventTruth truth = new EventTruth();
    long[] next = new long[PARTITIONS];
    Map<OrderLine.Key, Change> latest = new HashMap<>();
    TreeMap<String, Long> broken = new TreeMap<>();
    List<OrderEvent> events = events(EventOptions.of(4_000).withFaultRate(0.05));
    for (OrderEvent event : events) {
      int partition = Math.floorMod(event.orderId().hashCode(), PARTITIONS);
      String source = "kafka:orders/" + partition;
      truth.sent(source, next[partition]++, event);
      if (event.broken()) {
        broken.merge(source, 1L, Long::sum);
      } else {
        Change change = changes(List.of(event)).get(0);
        latest.merge(change.key(), change, (a, b) -> b.at().isAfter(a.at()) ? b : a);
      }
    }

    truth.write(folder);

    assertThat(keys("sales_orders.csv", "row_id", "order_id"))
        .containsExactlyInAnyOrderElementsOf(keys(latest, Change.Upsert.class));
    assertThat(keys("sales_orders_deletes.csv", "row_id", "order_id"))
        .containsExactlyInAnyOrderElementsOf(keys(latest, Change.Delete.class));
    List<List<String>> fates = CsvFile.read(folder.resolve("fates.csv")).records();
    assertThat(fates).hasSize(1 + PARTITIONS);
    for (List<String> fate : fates.subList(1, fates.size())) {
      List<Long> numbers = fate.subList(1, 6).stream().map(Long::valueOf).toList();
      assertThat(numbers.get(0))
          .as(fate.toString())
          .isEqualTo(numbers.get(1) + numbers.get(2) + numbers.get(3) + numbers.get(4));
      assertThat(numbers.get(4)).isEqualTo(broken.get(fate.get(0)));
    }
    assertThat(fates.subList(1, 4).stream().mapToLong(f -> Long.parseLong(f.get(1))).sum())
        .isEqualTo(events.size());
  }

  private static List<String> keys(Map<OrderLine.Key, Change> latest, Class<?> kind) {
    return latest.values().stream()
        .filter(kind::isInstance)
        .map(change -> change.key().rowId() + " " + change.key().orderId())
        .toList();
  }

  private List<String> keys(String file, String first, String second) throws IOException {
    List<List<String>> records = CsvFile.read(folder.resolve(file)).records();
    int a = records.get(0).indexOf(first);
    int b = records.get(0).indexOf(second);
    return records.subList(1, records.size()).stream()
        .map(record -> record.get(a) + " " + record.get(b))
        .collect(Collectors.toList());
  }

  @Test
  void allMistakesInOptionsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                new EventOptions(
                    0,
                    1,
                    0.6,
                    Instant.parse("2025-01-01T00:00:00.0001Z"),
                    Duration.ZERO,
                    Format.JSON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "count is 0; it must lie between 1 and 100000000; faultRate is 0.6; it must lie between"
                + " 0 and 0.5; start is 2025-01-01T00:00:00.000100Z; it must be a whole millisecond,"
                + " as Kafka's timestamps are; spacing is PT0S; it must be at least a millisecond");
  }
}

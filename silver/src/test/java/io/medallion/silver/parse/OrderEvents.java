package io.medallion.silver.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;
import io.medallion.core.contract.Feed;
import io.medallion.silver.OrdersContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** The orders of {@link OrdersContract} as events, and single events parsed. */
public final class OrderEvents {
  public static final String JSON_FEED =
      """
                - name: order_events
                  kind: topic
                  topic: orders
                  format: json
                  maxValueBytes: 1000
                  operation: {field: op, upsert: [upsert], delete: [delete]}
                  tombstone: {key: json, sequence: {updated: timestamp}}
      """;

  public static final Instant EVENT_TIME = Instant.parse("2024-01-01T00:00:30Z");

  private static final Contract JSON_CONTRACT =
      OrdersContract.read(OrdersContract.YAML + JSON_FEED);

  private OrderEvents() {}

  /** The contract with CSV files and JSON events. */
  public static Contract contract() {
    return JSON_CONTRACT;
  }

  public static Contract contract(String edit, String with) {
    return OrdersContract.read(OrdersContract.YAML + JSON_FEED.replace(edit, with));
  }

  /** The contract with CSV files and events of an Avro schema. */
  public static Contract avro(String schema, String moreKeys) {
    try {
      Path folder = Files.createTempDirectory("avro-contract");
      Files.writeString(folder.resolve("order.avsc"), schema);
      Path file = folder.resolve("orders.odcs.yaml");
      Files.writeString(
          file,
          OrdersContract.YAML
              + JSON_FEED.replace(
                  "format: json", "format: avro\n            schema: order.avsc" + moreKeys));
      return new ContractReader().read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Feed feed(Contract contract) {
    return contract.feed("order_events");
  }

  /** An event, parsed. */
  public static Row parse(
      Contract contract, byte[] key, byte[] value, Map<String, byte[]> headers) {
    return parse(parser(contract), key, value, headers);
  }

  public static EventParser parser(Contract contract) {
    return new EventParser(EventLayout.of(contract, feed(contract)));
  }

  public static Row parse(
      EventParser parser, byte[] key, byte[] value, Map<String, byte[]> headers) {
    return parser.parse(
        new EventParser.Event("file", 7, 42, Timestamp.from(EVENT_TIME), key, value, headers));
  }

  public static Row parse(String value) {
    return parse(contract(), null, value.getBytes(UTF_8), Map.of());
  }

  public static List<String> reasons(Row row) {
    return ParsedText.reasons(contract(), row);
  }

  /** The contract's columns and {@code _rescued}. */
  public static List<Object> values(Row row) {
    return ParsedText.values(contract(), row);
  }

  public static boolean deleted(Row row) {
    return row.getBoolean(row.size() - 1);
  }
}

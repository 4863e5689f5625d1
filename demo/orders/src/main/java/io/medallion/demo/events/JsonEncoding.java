package io.medallion.demo.events;

import static io.medallion.demo.orders.OrderColumn.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.demo.orders.Dice;
import io.medallion.demo.orders.FileStyle;
import io.medallion.demo.orders.LineFormat;
import io.medallion.demo.orders.OrderColumn;
import io.medallion.demo.orders.OrderLine;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Events as JSON objects. Absent values are null in some and lack in others. */
final class JsonEncoding implements EventEncoding {
  private static final int LONG_VALUE = 5_000_000;
  private static final int BINARY_BYTES = 64;

  private static final Set<OrderColumn> NUMBERS =
      EnumSet.of(ROW_ID, SALES, QUANTITY, DISCOUNT, PROFIT, SHIPPING_COST);

  private static final LineFormat TEXTS = new LineFormat(FileStyle.plain(true));

  @Override
  public byte[] upsert(Change.Upsert change) {
    return object(fields(change, TEXTS.fields(change.line()))).getBytes(UTF_8);
  }

  @Override
  public byte[] disguised(Change.Upsert change, Dice dice) {
    Map<OrderColumn, String> texts = TEXTS.fields(change.line());
    String sales = texts.get(SALES);
    TEXTS.disguise(texts, dice);
    // A number is not padded: then it would be a text.
    texts.put(SALES, sales.contains(".") ? sales + "0" : sales + ".0");
    List<Map.Entry<String, String>> entries = new ArrayList<>(fields(change, texts).entrySet());
    Collections.reverse(entries);
    Map<String, String> reversed = new LinkedHashMap<>();
    entries.forEach(entry -> reversed.put(entry.getKey(), entry.getValue()));
    return object(reversed).replace("\":", "\" : ").getBytes(UTF_8);
  }

  @Override
  public byte[] delete(OrderLine.Key key, Instant at) {
    return object(deletion(key, at)).getBytes(UTF_8);
  }

  private static Map<String, String> deletion(OrderLine.Key key, Instant at) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("op", "\"delete\"");
    fields.put(ORDER_ID.snakeCase(), EventEncoding.quoted(key.orderId()));
    fields.put(ROW_ID.snakeCase(), Long.toString(key.rowId()));
    fields.put(
        UPDATED_AT.snakeCase(), EventEncoding.quoted(DateTimeFormatter.ISO_INSTANT.format(at)));
    return fields;
  }

  @Override
  public List<EventFault> faults() {
    return EventFault.ofJson();
  }

  @Override
  public Optional<byte[]> broken(EventFault fault, Change.Upsert change, Dice dice) {
    Map<String, String> fields = fields(change, TEXTS.fields(change.line()));
    String sound = object(fields);
    byte[] bytes = sound.getBytes(UTF_8);
    return switch (fault) {
      case TRUNCATED -> Optional.of(Arrays.copyOf(bytes, bytes.length / 2));
      case BINARY -> Optional.of(binary(dice));
      case EMPTY -> Optional.of(new byte[0]);
      case VALUE_OF_FIVE_MEGABYTES -> {
        fields.put("note", '"' + "x".repeat(LONG_VALUE) + '"');
        yield value(fields);
      }
      case TRAILING_BYTES -> Optional.of((sound + "{}").getBytes(UTF_8));
      case TOMBSTONE_WITHOUT_KEY, TOMBSTONE_WITH_BROKEN_KEY -> Optional.empty();
      case DELETE_WITHOUT_ROW_ID -> {
        Map<String, String> deletion = deletion(change.key(), change.at());
        deletion.remove(ROW_ID.snakeCase());
        yield value(deletion);
      }
      case INVALID_UTF8 ->
          Optional.of(object(with(fields, CUSTOMER_NAME, "\"M\u00fcller\"")).getBytes(ISO_8859_1));
      case ARRAY_OF_EVENTS -> Optional.of(("[" + sound + "]").getBytes(UTF_8));
      case DUPLICATE_KEY -> Optional.of(("{\"quantity\":1," + sound.substring(1)).getBytes(UTF_8));
      case UNKNOWN_OPERATION -> {
        fields.put("op", "\"truncate\"");
        yield value(fields);
      }
      default -> value(with(fields, fault, change.line()));
    };
  }

  private static Map<String, String> with(
      Map<String, String> fields, EventFault fault, OrderLine line) {
    if (fault.column().isPresent()) {
      OrderColumn column = fault.column().get();
      fault
          .literal()
          .ifPresentOrElse(
              literal -> with(fields, column, literal), () -> fields.remove(column.snakeCase()));
      return fields;
    }
    return switch (fault) {
      case NUL_CHARACTER -> with(fields, CUSTOMER_NAME, "\"Nul\\u0000l\"");
      case NESTED_WHERE_A_SCALAR_IS_DUE -> with(fields, SALES, "{\"amount\":12.5}");
      case NUMBER_AS_TEXT -> with(fields, QUANTITY, "\"3\"");
      case TEXT_AS_NUMBER -> with(fields, CUSTOMER_ID, "4711");
      case SALES_NEGATIVE -> with(fields, SALES, "-0.01");
      case QUANTITY_ZERO -> with(fields, QUANTITY, "0");
      case DISCOUNT_ABOVE_ONE -> with(fields, DISCOUNT, "1.2");
      case SHIP_DATE_BEFORE_ORDER_DATE ->
          with(fields, SHIP_DATE, "\"" + line.orderDate().minusDays(1) + "\"");
      case SHIP_MODE_UNKNOWN -> with(fields, SHIP_MODE, "\"Drone\"");
      case SEGMENT_UNKNOWN -> with(fields, SEGMENT, "\"Wholesale\"");
      default -> throw new IllegalStateException("no JSON for " + fault);
    };
  }

  private static Map<String, String> with(
      Map<String, String> fields, OrderColumn column, String literal) {
    fields.put(column.snakeCase(), literal);
    return fields;
  }

  /** Neither UTF-8 nor Avro, whatever follows. */
  static byte[] binary(Dice dice) {
    byte[] bytes = new byte[BINARY_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = i < 12 ? (byte) 0xff : (byte) dice.below(256);
    }
    return bytes;
  }

  private static Map<String, String> fields(Change.Upsert change, Map<OrderColumn, String> texts) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("op", EventEncoding.quoted(change.operation()));
    texts.forEach(
        (column, text) -> {
          if (!text.isBlank()) {
            fields.put(
                column.snakeCase(), NUMBERS.contains(column) ? text : EventEncoding.quoted(text));
          } else if (change.key().rowId() % 2 == 0) {
            fields.put(column.snakeCase(), "null");
          }
        });
    change.surplus().ifPresent(text -> fields.put("loyalty_points", text));
    return fields;
  }

  private static Optional<byte[]> value(Map<String, String> fields) {
    return Optional.of(object(fields).getBytes(UTF_8));
  }

  private static String object(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> '"' + field.getKey() + "\":" + field.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}

package io.medallion.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Order lines as they change over time, as events in any order and with every fault. */
public final class SalesEvents {
  private static final Instant FIRST = Instant.parse("2024-06-01T00:00:00Z");
  private static final List<String> SEGMENTS = List.of("Consumer", "Corporate", "Home Office");
  private static final String TOO_LONG = "x".repeat(1_100_000);

  public static final String CSV_HEADER =
      "row_id,order_id,order_date,ship_date,ship_mode,customer_id,customer_name,segment,city,"
          + "state,country,postal_code,market,region,product_id,category,sub_category,product_name,"
          + "sales,quantity,discount,profit,shipping_cost,order_priority,updated_at\n";

  private SalesEvents() {}

  /**
   * An order line at one time.
   *
   * @param fields in the order of {@link #CSV_HEADER}, numbers without quotes
   */
  public record Line(String key, List<String> fields) {
    public String csv() {
      return fields.stream().map(f -> f.replace("\"", "")).collect(Collectors.joining(",")) + "\n";
    }

    String json() {
      String[] names = CSV_HEADER.strip().split(",");
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < names.length; i++) {
        pairs.add("\"" + names[i] + "\":" + fields.get(i));
      }
      return "{" + String.join(",", pairs) + "}";
    }
  }

  /**
   * An event.
   *
   * @param value null for a tombstone
   * @param broken whether silver must refuse it
   */
  public record Event(byte[] key, byte[] value, long timestampMillis, boolean broken) {}

  /**
   * A history.
   *
   * @param events in order of sending
   * @param lines what is left in the end, by key
   * @param upserts every line that was sent as it was then, in order of sending
   */
  public record History(List<Event> events, Map<String, Line> lines, List<Line> upserts) {}

  /** A history with late, repeated, re-ordered, deleted and broken events. */
  public static History generate(long seed, int count) {
    return generate(seed, count, true);
  }

  /** A history with late, repeated and re-ordered events alone. */
  public static History generateUpserts(long seed, int count) {
    return generate(seed, count, false);
  }

  private static History generate(long seed, int count, boolean faults) {
    Random random = new Random(seed);
    List<Event> events = new ArrayList<>();
    Map<String, Line> lines = new TreeMap<>();
    Map<Event, Line> lineOf = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Instant at = FIRST.plusSeconds(i);
      int order = random.nextInt(1 + count / 8);
      int row = 1 + random.nextInt(2);
      Line line = line(random, order, row, at);
      byte[] key = line.key().getBytes(UTF_8);
      int dice = random.nextInt(100);
      if (i > 0 && dice < 8) {
        events.add(events.get(random.nextInt(i)));
      } else if (faults && dice < 13) {
        String value =
            "{\"op\":\"delete\",\"order_id\":\"%s\",\"row_id\":%d,\"updated_at\":\"%s\"}"
                .formatted(orderId(order), row, at);
        events.add(new Event(key, value.getBytes(UTF_8), at.toEpochMilli(), false));
        lines.remove(line.key());
      } else if (faults && dice < 18) {
        events.add(new Event(key, null, at.toEpochMilli(), false));
        lines.remove(line.key());
      } else if (faults && dice < 30) {
        events.add(new Event(key, broken(line.json(), dice, random), at.toEpochMilli(), true));
      } else {
        Event event = new Event(key, line.json().getBytes(UTF_8), at.toEpochMilli(), false);
        events.add(event);
        lineOf.put(event, line);
        lines.put(line.key(), line);
      }
    }
    Collections.shuffle(events, random);
    List<Line> upserts = events.stream().filter(lineOf::containsKey).map(lineOf::get).toList();
    return new History(events, lines, upserts);
  }

  private static byte[] broken(String json, int dice, Random random) {
    return switch (dice) {
      case 18 -> json.substring(0, json.length() / 2).getBytes(UTF_8);
      case 19 -> json.replace("\"quantity\":", "\"quantity\":1,\"quantity\":").getBytes(UTF_8);
      case 20 -> json.replaceAll("\"quantity\":(\\d+)", "\"quantity\":\"$1\"").getBytes(UTF_8);
      case 21 -> json.replaceAll("\"sales\":[0-9.]+", "\"sales\":{\"amount\":1}").getBytes(UTF_8);
      case 22 -> {
        byte[] bytes = new byte[64];
        random.nextBytes(bytes);
        bytes[0] = (byte) 0xff;
        yield bytes;
      }
      case 23 -> ("{\"note\":\"" + TOO_LONG + "\"," + json.substring(1)).getBytes(UTF_8);
      case 24 -> ("{\"op\":\"truncate\"," + json.substring(1)).getBytes(UTF_8);
      case 25 -> json.replaceAll("\"sales\":[0-9.]+", "\"sales\":-1").getBytes(UTF_8);
      case 26 ->
          json.replaceAll("\"order_date\":\"[^\"]+\"", "\"order_date\":null").getBytes(UTF_8);
      case 27 -> new byte[0];
      case 28 -> ("[" + json + "]").getBytes(UTF_8);
      default -> (json + "{}").getBytes(UTF_8);
    };
  }

  private static String orderId(int order) {
    return "EV-2024-%06d".formatted(order);
  }

  private static Line line(Random random, int order, int row, Instant at) {
    int customer = order % 17;
    int product = random.nextInt(12);
    LocalDate day = LocalDate.of(2024, 1, 1).plusDays(order % 120);
    String key = "{\"order_id\":\"%s\",\"row_id\":%d}".formatted(orderId(order), row);
    return new Line(
        key,
        List.of(
            String.valueOf(row),
            text(orderId(order)),
            text(day.toString()),
            text(day.plusDays(random.nextInt(5)).toString()),
            text("Standard Class"),
            text("C-" + customer),
            text("Customer " + customer),
            text(SEGMENTS.get(random.nextInt(3))),
            text("City " + order % 5),
            text("State"),
            text("Country"),
            text("0" + order % 5),
            text("EU"),
            text("North"),
            text("P-" + product),
            text("Furniture"),
            text("Chairs"),
            text("Product " + product + (random.nextInt(4) == 0 ? " new" : "")),
            String.format(Locale.ROOT, "%d.%02d", random.nextInt(500), random.nextInt(100)),
            String.valueOf(1 + random.nextInt(9)),
            "0.1",
            String.valueOf(random.nextInt(50) - 20),
            "1.5",
            text("High"),
            text(at.toString())));
  }

  private static String text(String value) {
    return "\"" + value + "\"";
  }
}

package io.medallion.gold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Reads the shop's star and holds it against the reference. */
final class StarContent {
  private StarContent() {}

  /** Dimensions and facts are what the reference makes of the lines. */
  static void isWhatTheReferenceSays(Shop shop, List<Line> lines) {
    List<Reference.Version> customers = Reference.versions(lines, Reference.CUSTOMER);
    List<Reference.Version> products = Reference.latest(lines, Reference.PRODUCT);
    List<Reference.Version> places = Reference.versions(lines, Reference.PLACE);
    assertThat(
            shop.sorted(
                "dim_customer",
                "customer",
                "name",
                "segment",
                "email",
                "valid_from",
                "valid_to",
                "is_current"))
        .isEqualTo(rows(customers, "[null,Unknown,Unknown,Unknown,1900-01-01,9999-12-31,true]"));
    assertThat(shop.sorted("dim_product", "product", "title"))
        .isEqualTo(rows(products, "[null,Unknown]"));
    assertThat(
            shop.sorted(
                "dim_place", "country", "city", "region", "valid_from", "valid_to", "is_current"))
        .isEqualTo(rows(places, "[null,null,Unknown,1900-01-01,9999-12-31,true]"));

    Map<Long, String> customer =
        keys(shop, "dim_customer", "customer_key", "customer", "valid_from");
    Map<Long, String> product = keys(shop, "dim_product", "product_key", "product");
    Map<Long, String> place = keys(shop, "dim_place", "place_key", "country", "city", "valid_from");
    List<String> facts = new ArrayList<>();
    for (Row row :
        shop.rows(
                "fact",
                "order_id",
                "line_id",
                "day_key",
                "ship_key",
                "customer_key",
                "product_key",
                "place_key",
                "status",
                "amount")
            .collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      values.set(4, customer.get(row.getLong(4)));
      values.set(5, product.get(row.getLong(5)));
      values.set(6, place.get(row.getLong(6)));
      facts.add(values.toString());
    }
    List<String> expected = new ArrayList<>();
    for (Line line : lines) {
      expected.add(
          Reference.list(
                  line.orderId(),
                  line.lineId(),
                  key(line.day()),
                  key(line.shipped()),
                  referred(customers, Reference.CUSTOMER, line),
                  referred(products, Reference.PRODUCT, line),
                  referred(places, Reference.PLACE, line),
                  line.status(),
                  line.amount())
              .toString());
    }
    assertThat(facts).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Every row of the star, surrogate keys included, but for the calendar. */
  static Map<String, List<String>> of(Shop shop) {
    Map<String, List<String>> content = new HashMap<>();
    for (String table : List.of("dim_customer", "dim_product", "dim_place", "fact")) {
      content.put(table, shop.sorted(table, "*"));
    }
    return content;
  }

  private static String referred(List<Reference.Version> versions, Reference.Rule rule, Line line) {
    Optional<Reference.Version> version =
        Reference.referred(versions, rule.key().apply(line), Reference.day(line));
    return version
        .map(
            v -> {
              List<Object> key = new ArrayList<>(v.key());
              if (v.from() != null) {
                key.add(v.from());
              }
              return key.toString();
            })
        .orElse("unknown");
  }

  private static Map<Long, String> keys(Shop shop, String table, String... columns) {
    Map<Long, String> keys = new HashMap<>();
    for (Row row : shop.rows(table, columns).collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 1; i < row.size(); i++) {
        values.add(row.get(i));
      }
      assertThat(keys.put(row.getLong(0), row.getLong(0) == 0 ? "unknown" : values.toString()))
          .as("surrogate keys of %s are unique", table)
          .isNull();
    }
    return keys;
  }

  private static List<String> rows(List<Reference.Version> versions, String unknown) {
    List<String> rows = new ArrayList<>(List.of(unknown));
    for (Reference.Version v : versions) {
      List<Object> values = new ArrayList<>(v.key());
      values.addAll(v.values());
      if (v.from() != null) {
        values.addAll(Arrays.asList(v.from(), v.to(), v.to().getYear() == 9999));
      }
      rows.add(values.toString().replace(", ", ","));
    }
    return rows.stream().sorted().toList();
  }

  private static int key(java.time.LocalDate day) {
    return day == null
        ? 0
        : day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth();
  }
}

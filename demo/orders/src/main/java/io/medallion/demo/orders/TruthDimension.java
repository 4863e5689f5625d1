package io.medallion.demo.orders;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The versions of one dimension as the accepted lines show them.
 *
 * <p>Of the lines of one business key and order date the one with the largest row id counts;
 * consecutive equal states are one version, which begins at the order date that first shows it.
 * Absent values are empty texts: a text is never blank otherwise.
 */
final class TruthDimension {
  static final LocalDate END_OF_TIME = LocalDate.of(9999, 12, 31);

  private static final Comparator<List<String>> BY_KEY =
      (a, b) -> {
        int order = 0;
        for (int i = 0; order == 0 && i < a.size(); i++) {
          order = a.get(i).compareTo(b.get(i));
        }
        return order;
      };

  private final List<String> keyColumns;
  private final List<String> trackedColumns;
  private final Function<OrderLine, List<String>> key;
  private final Function<OrderLine, List<String>> state;

  private TruthDimension(
      List<String> keyColumns,
      List<String> trackedColumns,
      Function<OrderLine, List<String>> key,
      Function<OrderLine, List<String>> state) {
    this.keyColumns = keyColumns;
    this.trackedColumns = trackedColumns;
    this.key = key;
    this.state = state;
  }

  static TruthDimension customer() {
    return new TruthDimension(
        List.of("customer_id"),
        List.of("customer_name", "segment"),
        line -> List.of(line.customer().id()),
        line -> List.of(line.customer().name(), line.customer().segment()));
  }

  static TruthDimension product() {
    return new TruthDimension(
        List.of("product_id"),
        List.of("product_name", "category", "sub_category"),
        line -> List.of(line.product().id()),
        line ->
            List.of(
                line.product().name(), line.product().category(), line.product().subCategory()));
  }

  static TruthDimension store() {
    return new TruthDimension(
        List.of("country", "state", "city", "postal_code"),
        List.of("market", "region"),
        line ->
            List.of(
                line.store().country(),
                line.store().state(),
                line.store().city(),
                line.store().postalCode().orElse("")),
        line -> List.of(line.store().market(), line.store().region()));
  }

  List<String> header() {
    List<String> header = new ArrayList<>(keyColumns);
    header.addAll(trackedColumns);
    header.addAll(List.of("valid_from", "valid_to", "is_current"));
    return header;
  }

  /** The versions that these lines show. */
  Versions versions(List<TruthLedger.Accepted> lines) {
    Map<List<String>, NavigableMap<LocalDate, Shown>> shown = new HashMap<>();
    for (TruthLedger.Accepted accepted : lines) {
      OrderLine line = accepted.line();
      shown
          .computeIfAbsent(key.apply(line), k -> new TreeMap<>())
          .merge(
              line.orderDate(),
              new Shown(line.key().rowId(), state.apply(line)),
              (a, b) -> a.rowId() > b.rowId() ? a : b);
    }
    NavigableMap<List<String>, NavigableMap<LocalDate, List<String>>> versions =
        new TreeMap<>(BY_KEY);
    shown.forEach((businessKey, days) -> versions.put(businessKey, distinct(days)));
    return new Versions(versions);
  }

  private static NavigableMap<LocalDate, List<String>> distinct(
      NavigableMap<LocalDate, Shown> days) {
    NavigableMap<LocalDate, List<String>> versions = new TreeMap<>();
    days.forEach(
        (day, shown) -> {
          if (versions.isEmpty() || !versions.lastEntry().getValue().equals(shown.state())) {
            versions.put(day, shown.state());
          }
        });
    return versions;
  }

  private record Shown(long rowId, List<String> state) {}

  /** States by business key and first day of validity. */
  final class Versions {
    private final NavigableMap<List<String>, NavigableMap<LocalDate, List<String>>> byKey;

    private Versions(NavigableMap<List<String>, NavigableMap<LocalDate, List<String>>> byKey) {
      this.byKey = byKey;
    }

    /** First day of the version valid for the line; there is one, as the line itself shows it. */
    LocalDate validFrom(OrderLine line) {
      return byKey.get(key.apply(line)).floorKey(line.orderDate());
    }

    /** One row for each version, by business key and begin. */
    List<List<String>> rows() {
      List<List<String>> rows = new ArrayList<>();
      byKey.forEach(
          (businessKey, versions) ->
              versions.forEach(
                  (from, tracked) -> {
                    LocalDate next = versions.higherKey(from);
                    List<String> row = new ArrayList<>(businessKey);
                    row.addAll(tracked);
                    row.add(from.toString());
                    row.add((next == null ? END_OF_TIME : next).toString());
                    row.add(Boolean.toString(next == null));
                    rows.add(row);
                  }));
      return rows;
    }
  }
}

package io.medallion.demo.orders;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of the sales contract written a second time, slowly, over the files as they are on
 * disk. Rows are maps from column to text; absent values are empty.
 */
final class NaiveSales {
  private static final List<String> COLUMNS =
      List.of(
          ("row_id,order_id,order_date,ship_date,ship_mode,customer_id,customer_name,segment,city,state,"
                  + "country,postal_code,market,region,product_id,category,sub_category,product_name,"
                  + "sales,quantity,discount,profit,shipping_cost,order_priority,updated_at")
              .split(","));
  private static final List<DateTimeFormatter> DATES =
      List.of(strict("uuuu-MM-dd"), strict("dd-MM-uuuu"), strict("M/d/uuuu"));

  final Map<String, long[]> fates = new LinkedHashMap<>();
  final Map<String, Set<String>> quarantine = new LinkedHashMap<>();
  final Map<String, Row> current = new TreeMap<>();
  final List<Row> sound = new ArrayList<>();

  record Row(Map<String, String> values, String file, long number) {
    String get(String column) {
      return values.get(column);
    }

    String key() {
      return get("order_id") + "," + get("row_id");
    }
  }

  /** Adds up accepted, duplicates, superseded and quarantined, in this order. */
  void land(Path out, String path) throws IOException {
    long[] counts = fates.computeIfAbsent(path, p -> new long[4]);
    List<List<String>> records = CsvFile.read(out.resolve(path)).records();
    List<String> header =
        records.get(0).stream()
            .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "_"))
            .toList();
    for (int number = 1; number < records.size(); number++) {
      Set<String> reasons = new HashSet<>();
      Map<String, String> values = conform(header, records.get(number), reasons);
      if (!reasons.isEmpty()) {
        counts[3]++;
        quarantine.put(path + "," + number, reasons);
      } else {
        Row row = new Row(values, path, number);
        sound.add(row);
        fold(row, counts);
      }
    }
  }

  private void fold(Row row, long[] counts) {
    Row held = current.get(row.key());
    if (held != null && held.values().equals(row.values())) {
      counts[1]++;
    } else if (held != null && row.get("updated_at").compareTo(held.get("updated_at")) < 0) {
      counts[2]++;
    } else {
      if (held != null) {
        fates.get(held.file())[0]--;
        fates.get(held.file())[2]++;
      }
      counts[0]++;
      current.put(row.key(), row);
    }
  }

  private static Map<String, String> conform(
      List<String> header, List<String> fields, Set<String> reasons) {
    Map<String, String> values = new TreeMap<>();
    COLUMNS.forEach(column -> values.put(column, ""));
    if (fields.size() != header.size()) {
      reasons.add(fields.size() + " fields");
      return values;
    }
    if (fields.stream().allMatch(String::isEmpty)) {
      reasons.add("blank");
      return values;
    }
    for (int i = 0; i < header.size(); i++) {
      String text = fields.get(i).replaceAll("^[\\s\u00a0]+|[\\s\u00a0]+$", "");
      if (text.indexOf('\0') >= 0 || text.indexOf('\ufffd') >= 0 || text.matches("\"[^\"]*")) {
        reasons.add(header.get(i) + " damaged");
      }
      // What the contract does not know is content too: a record that differs in it is no repeat.
      if (values.containsKey(header.get(i)) || header.get(i).equals("loyalty_points")) {
        values.put(header.get(i), text);
      }
    }
    for (String column :
        List.of(
            "row_id", "order_id", "order_date", "customer_id", "product_id", "sales", "quantity")) {
      if (values.get(column).isEmpty()) {
        reasons.add(column + " missing");
      }
    }
    Optional<LocalDate> ordered = date(values, "order_date", reasons);
    Optional<LocalDate> shipped = date(values, "ship_date", reasons);
    if (ordered.isPresent() && shipped.isPresent() && shipped.get().isBefore(ordered.get())) {
      reasons.add("shipped before ordered");
    }
    amount(values, "sales", BigDecimal.ZERO, null, reasons);
    amount(values, "discount", BigDecimal.ZERO, BigDecimal.ONE, reasons);
    amount(values, "profit", null, null, reasons);
    amount(values, "shipping_cost", BigDecimal.ZERO, null, reasons);
    if (!values.get("quantity").matches("|[1-9]\\d*")) {
      reasons.add("quantity");
    }
    oneOf(values, "ship_mode", "Standard Class|Second Class|First Class|Same Day", reasons);
    oneOf(values, "segment", "Consumer|Corporate|Home Office", reasons);
    oneOf(values, "order_priority", "Low|Medium|High|Critical", reasons);
    return values;
  }

  private static void oneOf(
      Map<String, String> values, String column, String choices, Set<String> reasons) {
    if (!values.get(column).matches("|" + choices)) {
      reasons.add(column);
    }
  }

  private static Optional<LocalDate> date(
      Map<String, String> values, String column, Set<String> reasons) {
    String text = values.get(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int misfits = 0;
    for (DateTimeFormatter format : DATES) {
      try {
        LocalDate date = LocalDate.parse(text, format);
        values.put(column, date.toString());
        return Optional.of(date);
      } catch (DateTimeParseException e) {
        misfits++;
      }
    }
    reasons.add(column + " fits none of " + misfits + " patterns");
    return Optional.empty();
  }

  private static void amount(
      Map<String, String> values,
      String column,
      BigDecimal least,
      BigDecimal most,
      Set<String> reasons) {
    String text = values.get(column);
    if (text.isEmpty()) {
      return;
    }
    if (!text.matches("-?\\d{1,13}(\\.\\d{1,5})?")) {
      reasons.add(column);
      return;
    }
    BigDecimal amount = new BigDecimal(text).setScale(5);
    values.put(column, amount.toPlainString());
    if ((least != null && amount.compareTo(least) < 0)
        || (most != null && amount.compareTo(most) > 0)) {
      reasons.add(column);
    }
  }

  private static DateTimeFormatter strict(String pattern) {
    return DateTimeFormatter.ofPattern(pattern).withResolverStyle(ResolverStyle.STRICT);
  }

  /**
   * One row per version: key, state, valid_from, valid_to, is_current; in no particular order.
   * Every pair of lines is looked at, without any of the writer's sorted maps.
   */
  List<List<String>> versions(List<String> key, List<String> tracked) {
    Map<List<String>, Map<String, Row>> days = new LinkedHashMap<>();
    for (Row row : current.values()) {
      List<String> id = key.stream().map(row::get).toList();
      Map<String, Row> ofKey = days.computeIfAbsent(id, i -> new TreeMap<>());
      Row other = ofKey.get(row.get("order_date"));
      if (other == null
          || Long.parseLong(other.get("row_id")) < Long.parseLong(row.get("row_id"))) {
        ofKey.put(row.get("order_date"), row);
      }
    }
    List<List<String>> versions = new ArrayList<>();
    days.forEach(
        (id, ofKey) -> {
          List<String> open = null;
          for (Map.Entry<String, Row> day : ofKey.entrySet()) {
            List<String> state = tracked.stream().map(day.getValue()::get).toList();
            if (open != null && open.subList(id.size(), id.size() + state.size()).equals(state)) {
              continue;
            }
            if (open != null) {
              open.addAll(List.of(day.getKey(), "false"));
            }
            open = new ArrayList<>(id);
            open.addAll(state);
            open.add(day.getKey());
            versions.add(open);
          }
          if (open != null) {
            open.addAll(List.of("9999-12-31", "true"));
          }
        });
    return versions;
  }
}

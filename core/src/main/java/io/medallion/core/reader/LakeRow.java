package io.medallion.core.reader;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of a table, or a struct within one.
 *
 * <p>Values are {@link String}, {@link Boolean}, {@link Byte}, {@link Short}, {@link Integer},
 * {@link Long}, {@link Float}, {@link Double}, {@link java.math.BigDecimal}, {@link
 * java.time.LocalDate}, {@link Instant}, {@link java.time.LocalDateTime} where the table has no
 * time zone, {@code byte[]}, a {@link List} of such, a {@link Map} of such, or a row.
 */
public interface LakeRow {
  /** Names of the columns, in order. */
  List<String> columns();

  /** The value of a column, null where it is absent or where there is no such column. */
  Object value(String column);

  /** The value of a column of texts; null where it is absent. */
  default String text(String column) {
    return (String) value(column);
  }

  /** As above, for what may be absent. */
  default Optional<String> maybeText(String column) {
    return Optional.ofNullable(text(column));
  }

  /** The value of a column of whole numbers that is never absent. */
  default long number(String column) {
    return ((Number) value(column)).longValue();
  }

  /** The value of a column of whole numbers. */
  default Optional<Long> maybeNumber(String column) {
    return Optional.ofNullable((Number) value(column)).map(Number::longValue);
  }

  /** The value of a column of timestamps that is never absent. */
  default Instant instant(String column) {
    return (Instant) value(column);
  }

  /** The value of a column of texts in an array; empty where it is absent. */
  default List<String> texts(String column) {
    List<String> texts = new ArrayList<>();
    if (value(column) instanceof List<?> list) {
      list.forEach(element -> texts.add((String) element));
    }
    return texts;
  }

  /** The value of a column of structs in an array; empty where it is absent. */
  default List<LakeRow> rows(String column) {
    List<LakeRow> rows = new ArrayList<>();
    if (value(column) instanceof List<?> list) {
      list.forEach(element -> rows.add((LakeRow) element));
    }
    return rows;
  }

  /** The value of a column of structs. */
  default Optional<LakeRow> row(String column) {
    return Optional.ofNullable((LakeRow) value(column));
  }

  /** The value of a column of maps from text to whole number; empty where it is absent. */
  default Map<String, Long> numbers(String column) {
    Map<String, Long> numbers = new java.util.TreeMap<>();
    if (value(column) instanceof Map<?, ?> map) {
      map.forEach((key, number) -> numbers.put((String) key, ((Number) number).longValue()));
    }
    return numbers;
  }

  /** The same row with its values taken out of the table, which stays valid. */
  default LakeRow copy() {
    Map<String, Object> values = new LinkedHashMap<>();
    columns().forEach(column -> values.put(column, value(column)));
    return new KernelRows.StructRow(values);
  }
}

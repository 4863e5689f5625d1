package io.medallion.testkit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** Rows of Spark as texts that tell every value apart, to compare them with rows read otherwise. */
public final class RowTexts {
  private RowTexts() {}

  /** A text for each row, sorted. */
  public static List<String> of(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> of(row, rows.columns())).sorted().toList();
  }

  private static String of(Row row, String[] columns) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(columns[i] + "=" + of(row.get(i)));
    }
    return String.join("|", cells);
  }

  /** The text of a value: of Spark's rows, or of Java's own classes. */
  public static String of(Object value) {
    if (value == null) {
      return "NULL";
    } else if (value instanceof Row row) {
      return "(" + of(row, row.schema().fieldNames()) + ")";
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (value instanceof byte[] bytes) {
      return "0x" + Base64.getEncoder().encodeToString(bytes);
    } else if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toInstant().toString();
    } else if (value instanceof java.sql.Date date) {
      return date.toLocalDate().toString();
    } else if (value instanceof scala.collection.Seq<?> array) {
      return of(JavaConverters.seqAsJavaList(array));
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return of(JavaConverters.mapAsJavaMap(map));
    } else if (value instanceof List<?> list) {
      return list.stream().map(RowTexts::of).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> sorted = new TreeMap<>();
      map.forEach((key, element) -> sorted.put(of(key), of(element)));
      return sorted.toString();
    } else if (value instanceof Instant || value instanceof LocalDate) {
      return value.toString();
    }
    return value.getClass().getSimpleName() + " " + value;
  }
}

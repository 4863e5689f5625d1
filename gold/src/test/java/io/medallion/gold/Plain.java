package io.medallion.gold;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows as text, sorted, so that those of a warehouse compare with gold's. */
final class Plain {
  private Plain() {}

  static List<String> rows(List<List<Object>> rows) {
    return rows.stream().map(Plain::line).sorted().toList();
  }

  static List<String> rows(Dataset<Row> rows) {
    return rows(rows.collectAsList().stream().map(Plain::values).toList());
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }

  private static String line(List<Object> values) {
    return String.join("|", values.stream().map(Plain::text).toList());
  }

  /** NULL is told from the text of that name. */
  private static String text(Object value) {
    if (value == null) {
      return "∅";
    }
    return value instanceof Number number
        ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
        : value.toString();
  }
}

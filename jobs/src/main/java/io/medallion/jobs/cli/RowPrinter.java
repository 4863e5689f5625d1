package io.medallion.jobs.cli;

import io.medallion.core.reader.LakeRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** Prints the rows of a query. */
public final class RowPrinter {
  private static final int MAX_CELL_CHARACTERS = 60;

  /** The console ends the lines. */
  private static final CSVFormat CSV =
      CSVFormat.RFC4180.builder().setRecordSeparator((String) null).build();

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+([.][0-9]+)?");

  private RowPrinter() {}

  /**
   * Prints rows that were read without Spark.
   *
   * @param rows up to one more than {@code limit}, which shows that there are more
   */
  public static void print(
      List<String> header, List<List<Object>> rows, RowFormat format, int limit, Console console) {
    List<List<Object>> shown = rows.stream().limit(limit).toList();
    if (format == RowFormat.JSON) {
      for (List<Object> row : shown) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
          if (row.get(i) != null) {
            fields.put(header.get(i), jsonValue(row.get(i)));
          }
        }
        console.json(fields);
      }
    } else {
      print(
          header,
          shown.stream().map(row -> row.stream().map(RowPrinter::text).toList()).toList(),
          format,
          console);
    }
    more(rows.size(), limit, console);
  }

  /** Numbers, truth values and what they are made of; all else as its text. */
  private static Object jsonValue(Object value) {
    return value instanceof Number || value instanceof Boolean ? value : text(value);
  }

  /** Prints the rows of a query of Spark. */
  public static void print(Dataset<Row> rows, RowFormat format, int limit, Console console) {
    // One more than asked for, to find out whether there are more.
    int fetch = limit == Integer.MAX_VALUE ? limit : limit + 1;
    if (format == RowFormat.JSON) {
      List<String> lines = rows.toJSON().takeAsList(fetch);
      lines.stream().limit(limit).forEach(console::data);
      more(lines.size(), limit, console);
      return;
    }
    List<Row> fetched = rows.takeAsList(fetch);
    List<String> header = List.of(rows.columns());
    print(header, fetched.stream().limit(limit).map(RowPrinter::cells).toList(), format, console);
    more(fetched.size(), limit, console);
  }

  private static void print(
      List<String> header, List<List<String>> cells, RowFormat format, Console console) {
    if (format == RowFormat.CSV || format == RowFormat.EXCEL_SAFE_CSV) {
      console.data(CSV.format(header.toArray()));
      cells.forEach(
          row ->
              console.data(
                  CSV.format(
                      row.stream()
                          .map(c -> format == RowFormat.EXCEL_SAFE_CSV ? noFormula(c) : c)
                          .toArray())));
    } else {
      console.table(
          header, cells.stream().map(row -> row.stream().map(RowPrinter::shown).toList()).toList());
      console.line("(" + cells.size() + (cells.size() == 1 ? " row)" : " rows)"));
    }
  }

  private static void more(int fetched, int limit, Console console) {
    if (fetched > limit) {
      console.notice("there are more than " + limit + " rows: see --limit");
    }
  }

  private static List<String> cells(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(text(row.get(i)));
    }
    return cells;
  }

  public static String text(Object value) {
    if (value == null) {
      return "";
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    } else if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toInstant().toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(RowPrinter::text).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof LakeRow row) {
      return row.columns().stream()
          .map(column -> text(row.value(column)))
          .collect(Collectors.joining(",", "[", "]"));
    } else if (value instanceof scala.collection.Seq<?> array) {
      return text(JavaConverters.seqAsJavaList(array));
    }
    return value.toString();
  }

  private static String noFormula(String cell) {
    return !cell.isEmpty()
            && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0
            && !NUMBER.matcher(cell).matches()
        ? "'" + cell
        : cell;
  }

  private static String shown(String cell) {
    String line = cell.replace("\n", "⏎").replace("\r", "");
    return line.length() > MAX_CELL_CHARACTERS
        ? line.substring(0, MAX_CELL_CHARACTERS - 1) + "…"
        : line;
  }
}

package io.medallion.jobs.cli;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  private RowPrinter() {}

  public static void print(Dataset<Row> rows, RowFormat format, int limit, Console console) {
    // One more than asked for, to find out whether there are more.
    int fetch = limit == Integer.MAX_VALUE ? limit : limit + 1;
    if (format == RowFormat.JSON) {
      List<String> lines = rows.toJSON().takeAsList(fetch);
      lines.stream().limit(limit).forEach(console::line);
      more(lines.size(), limit, console);
      return;
    }
    List<Row> fetched = rows.takeAsList(fetch);
    List<String> header = List.of(rows.columns());
    List<List<String>> cells = fetched.stream().limit(limit).map(RowPrinter::cells).toList();
    if (format == RowFormat.CSV) {
      console.line(CSV.format(header.toArray()));
      cells.forEach(row -> console.line(CSV.format(row.toArray())));
    } else {
      console.table(
          header, cells.stream().map(row -> row.stream().map(RowPrinter::shown).toList()).toList());
      console.line("(" + cells.size() + (cells.size() == 1 ? " row)" : " rows)"));
    }
    more(fetched.size(), limit, console);
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
    } else if (value instanceof scala.collection.Seq<?> array) {
      return JavaConverters.seqAsJavaList(array).stream()
          .map(RowPrinter::text)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return value.toString();
  }

  private static String shown(String cell) {
    String line = cell.replace("\n", "⏎").replace("\r", "");
    return line.length() > MAX_CELL_CHARACTERS
        ? line.substring(0, MAX_CELL_CHARACTERS - 1) + "…"
        : line;
  }
}

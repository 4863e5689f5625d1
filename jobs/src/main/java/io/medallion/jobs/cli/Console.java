package io.medallion.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The output of a command: results on standard output, progress and problems on standard error. */
public final class Console {
  /** One long cell at the end of a row would otherwise wrap the rule too. */
  private static final int RULE = 80;

  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

  private final PrintStream out;
  private final PrintStream err;

  public Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** A line of the result. */
  public void line(String text) {
    out.println(harmless(text));
  }

  /** A line of a format for programs, which escapes by its own rules. */
  public void data(String text) {
    out.println(text);
  }

  /**
   * Shows characters by their code that would move a terminal's cursor, colour it or change the
   * direction of its text: names of files and records come from outside.
   */
  private static String harmless(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }

  /** Progress, for a user who waits. */
  public void progress(String step, String text) {
    err.println(harmless(String.format(Locale.ROOT, "%-8s %s", step, text)));
  }

  /** A warning: the job goes on. */
  public void notice(String text) {
    err.println(harmless("note: " + text));
  }

  /** Why the command ends. */
  public void error(String text) {
    err.println(harmless("error: " + text));
  }

  /** A record or a list of records as JSON, on one line. */
  public void json(Object value) {
    try {
      out.println(JsonOutput.MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a summary is always JSON", e);
    }
  }

  /**
   * A table. Columns whose cells are all numbers are set flush right.
   *
   * @param header column names
   * @param rows as many cells each
   */
  public void table(List<String> header, List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    List<Boolean> numeric = new ArrayList<>();
    for (int c = 0; c < header.size(); c++) {
      int column = c;
      widths.add(
          Math.max(
              header.get(c).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)));
      numeric.add(
          !rows.isEmpty()
              && rows.stream().allMatch(row -> row.get(column).matches("[-+]?[0-9.,]*( ?%)?")));
    }
    line(cells(header, widths, numeric));
    List<Integer> rules = new ArrayList<>(widths);
    int last = header.size() - 1;
    rules.set(last, Math.max(header.get(last).length(), Math.min(widths.get(last), RULE)));
    line(String.join("  ", rules.stream().map("─"::repeat).toList()));
    rows.forEach(row -> line(cells(row, widths, numeric)));
  }

  private static String cells(List<String> cells, List<Integer> widths, List<Boolean> numeric) {
    List<String> padded = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      String blanks =
          String.join("", Collections.nCopies(widths.get(c) - cells.get(c).length(), " "));
      padded.add(numeric.get(c) ? blanks + cells.get(c) : cells.get(c) + blanks);
    }
    return String.join("  ", padded).stripTrailing();
  }

  /** {@code 1,234,567}. */
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 12.3 MB}. */
  public static String bytes(long value) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double scaled = value;
    int unit = 0;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", scaled, units[unit]);
  }

  /** {@code 12.3 s}. */
  public static String seconds(java.time.Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}

package io.medallion.testkit.snowflake;

import java.util.ArrayList;
import java.util.List;

/**
 * CSV as Snowflake reads it with {@code FIELD_OPTIONALLY_ENCLOSED_BY='"'} and {@code NULL_IF=()}:
 * an empty field is NULL, an empty pair of quotes is the empty text, and outside quotes a backslash
 * escapes.
 */
final class CsvLines {
  private final String text;
  private final char delimiter;
  private int at;

  private CsvLines(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
  }

  static List<List<String>> read(String text, char delimiter) throws SnowflakeError {
    CsvLines lines = new CsvLines(text, delimiter);
    List<List<String>> rows = new ArrayList<>();
    while (lines.at < text.length()) {
      rows.add(lines.row());
    }
    return rows;
  }

  private List<String> row() throws SnowflakeError {
    List<String> row = new ArrayList<>();
    while (true) {
      row.add(at < text.length() && text.charAt(at) == '"' ? enclosed() : plain());
      if (at >= text.length()) {
        return row;
      }
      char end = text.charAt(at++);
      if (end == delimiter) {
        continue;
      }
      if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
        return row;
      }
      if (end == '\n' || end == '\r') {
        return row;
      }
      throw new SnowflakeError(
          100016,
          "22000",
          "Found character '" + end + "' instead of field delimiter '" + delimiter + "'");
    }
  }

  private String enclosed() throws SnowflakeError {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        value.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        value.append('"');
        at++;
      } else {
        return value.toString();
      }
    }
    throw new SnowflakeError(100076, "22000", "Found end of file within an enclosed field");
  }

  private String plain() {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == delimiter || c == '\n' || c == '\r') {
        break;
      }
      if (c == '\\' && at + 1 < text.length()) {
        at++;
        c = text.charAt(at);
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
      value.append(c);
      at++;
    }
    return value.length() == 0 ? null : value.toString();
  }
}

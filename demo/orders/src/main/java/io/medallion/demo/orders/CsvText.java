package io.medallion.demo.orders;

import java.util.List;

/** Text of CSV records as RFC 4180 has it. */
final class CsvText {
  private CsvText() {}

  /** One record without its line end. A field is quoted only where it must be. */
  static String record(List<String> fields) {
    StringBuilder text = new StringBuilder(256);
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      appendField(text, fields.get(i));
    }
    return text.toString();
  }

  private static void appendField(StringBuilder text, String field) {
    if (needsQuotes(field)) {
      text.append('"').append(field.replace("\"", "\"\"")).append('"');
    } else {
      text.append(field);
    }
  }

  private static boolean needsQuotes(String field) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}

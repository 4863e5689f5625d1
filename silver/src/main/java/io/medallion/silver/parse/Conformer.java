package io.medallion.silver.parse;

import io.medallion.core.contract.LogicalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Turns a record's texts into typed values, exactly or not at all: nothing is rounded, capped or
 * guessed.
 *
 * <p>Not thread-safe; made once per task.
 */
public final class Conformer {
  private static final int MAX_SHOWN_CHARACTERS = 80;

  /** More than any number is written with; reading digits takes time by the square of them. */
  private static final int MAX_NUMBER_CHARACTERS = 1_000;

  private final List<ColumnLayout> columns;
  private final List<DateTexts> dates = new ArrayList<>();

  Conformer(List<ColumnLayout> columns) {
    this.columns = columns;
    for (ColumnLayout column : columns) {
      dates.add(new DateTexts(column.patterns()));
    }
  }

  /** Reasons against a record, and marks on it. */
  static final class Findings {
    final List<Row> reasons = new ArrayList<>(0);
    final List<String> warnings = new ArrayList<>(0);

    void reject(String rule, String column, String message) {
      reasons.add(RowFactory.create(rule, column, message));
    }
  }

  /**
   * Conforms one value.
   *
   * @param index the column's place in the contract
   * @param text the text as it came in, null where there was none
   * @return the value in the type that Spark takes for the column, or null
   */
  Object conform(int index, String text, Findings findings) {
    ColumnLayout column = columns.get(index);
    String trimmed = text == null ? "" : trim(text);
    if (trimmed.isEmpty()) {
      if (column.requiredRejects()) {
        findings.reject(column.requiredRule(), column.name(), column.name() + " is missing");
      } else if (!column.requiredRule().isEmpty()) {
        findings.warnings.add(column.requiredRule());
      }
      return null;
    }
    Object value = typed(column, dates.get(index), trimmed);
    if (value == null) {
      findings.reject(
          column.name() + "_type",
          column.name(),
          column.name() + " is not " + expected(column, index) + ": '" + shown(trimmed) + "'");
    }
    return value;
  }

  private String expected(ColumnLayout column, int index) {
    String type = column.type().toString();
    String article = type.equals("integer") ? "an " : "a ";
    List<String> patterns = dates.get(index).patterns();
    boolean temporal =
        column.type() instanceof LogicalType.Date || column.type() instanceof LogicalType.Timestamp;
    return article + type + (temporal ? " of the pattern " + String.join(" or ", patterns) : "");
  }

  static String shown(String text) {
    return text.length() <= MAX_SHOWN_CHARACTERS
        ? text
        : text.substring(0, MAX_SHOWN_CHARACTERS) + "… (" + text.length() + " characters)";
  }

  private static Object typed(ColumnLayout column, DateTexts dates, String text) {
    LogicalType type = column.type();
    boolean number = type instanceof LogicalType.Whole || type instanceof LogicalType.Exact;
    if (type instanceof LogicalType.Text) {
      return text;
    } else if (number && text.length() > MAX_NUMBER_CHARACTERS) {
      return null;
    } else if (type instanceof LogicalType.Whole) {
      return whole(ungrouped(column, text));
    } else if (type instanceof LogicalType.Exact exact) {
      return exact(ungrouped(column, text), exact, column.rounding());
    } else if (type instanceof LogicalType.Date) {
      return dates.date(text);
    } else if (type instanceof LogicalType.Timestamp) {
      return dates.timestamp(text);
    } else {
      return bool(text);
    }
  }

  private static String ungrouped(ColumnLayout column, String text) {
    String separator = column.groupingSeparator();
    if (separator.isEmpty()) {
      return text;
    }
    String quoted = Pattern.quote(separator);
    return text.matches("[+-]?\\d{1,3}(" + quoted + "\\d{3})+(\\.\\d+)?")
        ? text.replace(separator, "")
        : text;
  }

  private static Long whole(String text) {
    int digits = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    if (digits == text.length() || !allDigits(text, digits, text.length())) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static BigDecimal exact(String text, LogicalType.Exact type, RoundingMode rounding) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int point = text.indexOf('.');
    int wholeEnd = point < 0 ? text.length() : point;
    boolean hasDigit = wholeEnd > start || text.length() > wholeEnd + 1;
    if (!hasDigit
        || !allDigits(text, start, wholeEnd)
        || (point >= 0 && !allDigits(text, point + 1, text.length()))) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text).setScale(type.scale(), rounding);
      return value.precision() <= type.precision() ? value : null;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static boolean allDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static Boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return Boolean.TRUE;
    }
    return text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
  }

  /** Without white space at its ends: no-break spaces and the byte order mark included. */
  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && blank(text.charAt(from))) {
      from++;
    }
    while (to > from && blank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean blank(char c) {
    return c == ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
  }
}

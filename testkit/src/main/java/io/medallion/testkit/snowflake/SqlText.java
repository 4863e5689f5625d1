package io.medallion.testkit.snowflake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement without comments, its literals and quoted names lifted out, so that a rewriting never
 * touches what a user has written as data. What is left is in upper case, as Snowflake takes it.
 *
 * @param text the statement, {@code «n»} where the n-th of {@code lifted} stood
 * @param lifted literals and quoted names in DuckDB's spelling, with their quotes
 */
record SqlText(String text, List<String> lifted) {
  private static final Pattern PLACE = Pattern.compile("«(\\d+)»");

  static SqlText of(String sql) {
    StringBuilder text = new StringBuilder();
    List<String> lifted = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'') {
        StringBuilder value = new StringBuilder();
        at = literal(sql, at + 1, value);
        text.append('«').append(lifted.size()).append('»');
        lifted.add("'" + value.toString().replace("'", "''") + "'");
      } else if (c == '"') {
        int end = at + 1;
        while (end < sql.length()
            && (sql.charAt(end) != '"' || end + 1 < sql.length() && sql.charAt(end + 1) == '"')) {
          end += sql.charAt(end) == '"' ? 2 : 1;
        }
        text.append('«').append(lifted.size()).append('»');
        lifted.add(sql.substring(at, Math.min(end + 1, sql.length())));
        at = end + 1;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
        text.append(' ');
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else {
        text.append(c);
        at++;
      }
    }
    String upper = text.toString().strip().toUpperCase(Locale.ROOT);
    while (upper.endsWith(";")) {
      upper = upper.substring(0, upper.length() - 1).strip();
    }
    return new SqlText(upper, lifted);
  }

  /** Reads a literal with doubled quotes and backslash escapes; returns where it has ended. */
  private static int literal(String sql, int from, StringBuilder value) {
    int at = from;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'') {
        if (at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
          value.append(c);
          at += 2;
          continue;
        }
        return at + 1;
      }
      if (c == '\\' && at + 1 < sql.length()) {
        char next = sql.charAt(at + 1);
        value.append(
            switch (next) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case 'b' -> '\b';
              case 'f' -> '\f';
              case '0' -> '\0';
              default -> next;
            });
        at += 2;
        continue;
      }
      value.append(c);
      at++;
    }
    return at;
  }

  SqlText with(String rewritten) {
    return new SqlText(rewritten, lifted);
  }

  SqlText replace(String regex, String replacement) {
    return with(text.replaceAll(regex, replacement));
  }

  boolean matches(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text).find();
  }

  Matcher matcher(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text);
  }

  /** The first word. */
  String verb() {
    Matcher word = matcher("^\\(*\\s*([A-Z]+)");
    return word.find() ? word.group(1) : "";
  }

  /** Puts back what was lifted out. */
  String sql() {
    return restore(text);
  }

  String restore(String part) {
    return PLACE
        .matcher(part)
        .replaceAll(
            place -> Matcher.quoteReplacement(lifted.get(Integer.parseInt(place.group(1)))));
  }

  /** A name or literal as it is meant, without quotes. */
  String plain(String part) {
    String whole = restore(part.strip());
    if (whole.length() > 1 && whole.startsWith("'")) {
      return whole.substring(1, whole.length() - 1).replace("''", "'");
    }
    return whole.replace("\"", "");
  }
}

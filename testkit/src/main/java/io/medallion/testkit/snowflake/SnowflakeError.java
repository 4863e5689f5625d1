package io.medallion.testkit.snowflake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error with the code, state and wording that Snowflake has for it. */
final class SnowflakeError extends Exception {
  private static final long serialVersionUID = 1L;

  static final int SESSION_GONE = 390112;

  private final int code;
  private final String sqlState;

  SnowflakeError(int code, String sqlState, String message) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }

  int code() {
    return code;
  }

  String sqlState() {
    return sqlState;
  }

  static SnowflakeError sessionGone() {
    return new SnowflakeError(
        SESSION_GONE, "08001", "Your session has expired. Please login again.");
  }

  static SnowflakeError injected() {
    return new SnowflakeError(603, "XX000", "SQL execution internal error: injected");
  }

  static SnowflakeError refused(String schema) {
    return new SnowflakeError(
        3001,
        "42501",
        "SQL access control error:\nInsufficient privileges to operate on schema '"
            + schema
            + "'.");
  }

  static SnowflakeError unsupported(String sql) {
    return new SnowflakeError(
        2, "0A000", "Unsupported feature: the stand-in does not know this statement: " + sql);
  }

  /** Snowflake's error for DuckDB's {@code message}. */
  static SnowflakeError of(String whole) {
    // What follows is DuckDB's statement, which is not the one that the client has sent.
    String message = whole.split("\n\nLINE ", 2)[0];
    for (Wording wording : WORDINGS) {
      Matcher matcher = wording.duckdb().matcher(message);
      if (matcher.find()) {
        String found = matcher.groupCount() > 0 ? String.valueOf(matcher.group(1)) : "";
        return new SnowflakeError(
            wording.code(), wording.sqlState(), wording.message().formatted(found));
      }
    }
    return new SnowflakeError(603, "XX000", "SQL execution error: " + message);
  }

  private record Wording(Pattern duckdb, int code, String sqlState, String message) {
    Wording(String duckdb, int code, String sqlState, String message) {
      this(Pattern.compile(duckdb, Pattern.DOTALL), code, sqlState, message);
    }
  }

  private static final Wording[] WORDINGS = {
    new Wording(
        "^Invalid Input Error: MERGE INTO command cannot affect the same target row",
        100090,
        "42P18",
        "Duplicate row detected during DML action%s"),
    new Wording(
        "Table with name (\\S+) does not exist",
        2003,
        "42S02",
        "SQL compilation error:\nObject '%s' does not exist or not authorized."),
    new Wording(
        "(?:with name|View) (\\S+) does not exist",
        2003,
        "42S02",
        "SQL compilation error:\nObject '%s' does not exist or not authorized."),
    new Wording(
        "with name \"?([^\" ]+)\"? already exists",
        2002,
        "42710",
        "SQL compilation error:\nObject '%s' already exists."),
    new Wording(
        "NOT NULL constraint failed: (\\S+)",
        100072,
        "22000",
        "NULL result in a non-nullable column %s"),
    new Wording(
        "(?:Referenced column|Referenced update column|Column with name|column named|Table \\S+ does not have a column"
            + " with name) \"?([^\" ]+)\"?",
        904,
        "42000",
        "SQL compilation error: error line 1 at position 0\ninvalid identifier '%s'"),
    new Wording(
        "Could not (?:convert|cast) (?:string )?(.{0,80})",
        100038,
        "22018",
        "Value is not recognized: %s"),
    new Wording(
        "(?:Casting value|Conversion Error: )(.{0,120})",
        100039,
        "22003",
        "Numeric value out of range: %s"),
    new Wording(
        "transaction is aborted", 603, "40000", "Transaction failed before and cannot go on%s"),
    new Wording("Parser Error: (.*)", 1003, "42000", "SQL compilation error:\nsyntax error: %s"),
  };
}

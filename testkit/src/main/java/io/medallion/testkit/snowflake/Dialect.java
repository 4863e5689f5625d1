package io.medallion.testkit.snowflake;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Snowflake's SQL into DuckDB's, as far as loads and their queries need it. */
final class Dialect {
  private static final Pattern COLUMN_COMMENT =
      Pattern.compile("(?s)^\\s*([\\w$]+|«\\d+»)\\s.*?\\sCOMMENT\\s+(«\\d+»)");

  private Dialect() {}

  /** A query or a change of rows. */
  static String statement(SqlText sql) {
    return names(types(sql)).sql();
  }

  /** A definition, as the statements that DuckDB needs for it. */
  static List<String> definition(SqlText sql) throws SnowflakeError {
    if (sql.matches("^CREATE\\b.*\\bVIEW\\b")) {
      return List.of(statement(sql.replace("(?s)\\bCOMMENT\\s*=\\s*«\\d+»(?=.*?\\bAS\\b)", "")));
    }
    if (sql.matches("^CREATE\\b.*\\bTABLE\\b")) {
      return table(sql);
    }
    if (sql.matches("^ALTER TABLE\\b")) {
      return alteration(sql);
    }
    if (sql.matches("^(DROP (TABLE|VIEW)|COMMENT|CREATE SCHEMA)\\b")) {
      return List.of(statement(sql.replace("\\b(CASCADE|RESTRICT)$", "")));
    }
    throw SnowflakeError.unsupported(sql.sql());
  }

  private static List<String> table(SqlText sql) throws SnowflakeError {
    if (sql.matches("\\bTABLE\\b[^(]*\\b(LIKE|CLONE)\\b")) {
      throw SnowflakeError.unsupported(sql.sql());
    }
    Matcher head =
        sql.matcher(
            "^CREATE\\s+(OR REPLACE\\s+)?((?:TRANSIENT|TEMPORARY|TEMP|LOCAL|GLOBAL|VOLATILE)\\s+)*TABLE\\s+"
                + "(IF NOT EXISTS\\s+)?([^\\s(]+|IDENTIFIER\\([^)]*\\))\\s*(.*)$");
    if (!head.find()) {
      throw SnowflakeError.unsupported(sql.sql());
    }
    String name = head.group(4);
    String rest = head.group(5);
    String orReplace = head.group(1) == null ? "" : head.group(1);
    String ifNotExists = head.group(3) == null ? "" : head.group(3);
    String temporary =
        head.group(2) != null && head.group(2).startsWith("TEMP") ? "TEMPORARY " : "";
    int end = closing(rest);
    String tail = end < 0 ? rest : rest.substring(end + 1);
    List<String> statements = new ArrayList<>();
    List<String> comments = new ArrayList<>();
    String columns = "";
    if (end >= 0) {
      List<String> kept = new ArrayList<>();
      for (String part : split(rest.substring(1, end))) {
        // Declared only: Snowflake does not enforce keys, so neither does this.
        if (part.matches("(?s)\\s*(CONSTRAINT\\b.*|PRIMARY KEY.*|FOREIGN KEY.*|UNIQUE.*)")) {
          continue;
        }
        Matcher comment = COLUMN_COMMENT.matcher(part);
        if (comment.find()) {
          comments.add(
              "COMMENT ON COLUMN " + name + "." + comment.group(1) + " IS " + comment.group(2));
        }
        kept.add(part.replaceAll("\\sCOMMENT\\s+«\\d+»", " ").replaceAll("\\bPRIMARY KEY\\b", ""));
      }
      columns = " (" + String.join(",", kept) + ")";
    }
    Matcher comment = Pattern.compile("\\bCOMMENT\\s*=\\s*(«\\d+»)").matcher(tail);
    if (comment.find()) {
      comments.add("COMMENT ON TABLE " + name + " IS " + comment.group(1));
    }
    Matcher query = Pattern.compile("(?s)\\bAS\\b\\s+(SELECT.*)$").matcher(tail);
    String as = query.find() ? " AS " + query.group(1) : "";
    statements.add(
        "CREATE " + orReplace + temporary + "TABLE " + ifNotExists + name + columns + as);
    statements.addAll(comments);
    return statements.stream().map(each -> statement(sql.with(each))).toList();
  }

  private static List<String> alteration(SqlText sql) throws SnowflakeError {
    if (sql.matches("\\bSWAP WITH\\b")) {
      throw SnowflakeError.unsupported(sql.sql());
    }
    Matcher add =
        sql.matcher(
            "^ALTER TABLE (\\S+) ADD COLUMN (?:IF NOT EXISTS )?(\\S+)\\s(.*?)(?:COMMENT\\s+(«\\d+»))?$");
    List<String> statements = new ArrayList<>();
    if (add.find()) {
      statements.add(
          "ALTER TABLE " + add.group(1) + " ADD COLUMN " + add.group(2) + " " + add.group(3));
      if (add.group(4) != null) {
        statements.add(
            "COMMENT ON COLUMN " + add.group(1) + "." + add.group(2) + " IS " + add.group(4));
      }
    } else {
      statements.add(sql.text());
    }
    return statements.stream().map(each -> statement(sql.with(each))).toList();
  }

  private static SqlText types(SqlText sql) {
    return sql.replace("\\b(?:NUMBER|NUMERIC|DECIMAL)\\s*\\(", "DECIMAL(")
        .replace("\\b(?:NUMBER|NUMERIC|DECIMAL)\\b(?!\\s*\\()", "DECIMAL(38,0)")
        .replace("\\b(?:INTEGER|INT|SMALLINT|TINYINT)\\b", "BIGINT")
        .replace("\\b(?:STRING|TEXT)\\b", "VARCHAR")
        .replace("\\bVARCHAR\\s*\\(\\s*\\d+\\s*\\)", "VARCHAR")
        .replace("\\bTIMESTAMP(?:_NTZ|_LTZ|_TZ)?\\s*\\(\\s*[1-3]\\s*\\)", "TIMESTAMP_MS")
        .replace("\\bTIMESTAMP(?:_NTZ|_LTZ|_TZ)?\\s*\\(\\s*0\\s*\\)", "TIMESTAMP_S")
        .replace("\\bTIMESTAMP(?:_NTZ|_LTZ|_TZ)?(?:\\s*\\(\\s*\\d\\s*\\))?(?![\\w])", "TIMESTAMP")
        .replace("\\b(?:FLOAT8?|DOUBLE PRECISION)\\b", "DOUBLE")
        .replace("\\bBINARY\\b(?:\\s*\\(\\s*\\d+\\s*\\))?", "BLOB");
  }

  private static SqlText names(SqlText sql) {
    Matcher identifier = sql.matcher("\\b(?:IDENTIFIER|TABLE)\\s*\\(\\s*(«\\d+»)\\s*\\)");
    String text =
        identifier.replaceAll(
            found -> Matcher.quoteReplacement(SqlText.of(sql.plain(found.group(1))).sql()));
    return sql.with(text)
        .replace("^TRUNCATE TABLE (?:IF EXISTS )?", "DELETE FROM ")
        // DuckDB takes no single table in parentheses.
        .replace("\\bFROM\\s*\\(\\s*(«\\d+»|[\\w$.]+)\\s*\\)", "FROM $1");
  }

  /** Where the parenthesis closes with which {@code text} begins; -1 where it begins with none. */
  private static int closing(String text) {
    if (!text.startsWith("(")) {
      return -1;
    }
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Splits at commas outside parentheses. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }
}

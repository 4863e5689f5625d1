package io.medallion.testkit.snowflake;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * {@code COPY INTO table FROM stage}: CSV in the connector's format.
 *
 * @param columns of the table in order of {@code fields}; empty for all columns of the table
 * @param fields numbers of the file's fields, from 1; empty for all in order
 * @param files below the path; empty for all
 */
record CopyInto(
    String table, List<String> columns, List<Integer> fields, String path, Set<String> files) {
  private static final Pattern FIELD = Pattern.compile("\\$(\\d+)");
  private static final Map<String, String> FORMAT =
      Map.of(
          "TYPE",
          "CSV",
          "FIELD_DELIMITER",
          "|",
          "NULL_IF",
          "()",
          "FIELD_OPTIONALLY_ENCLOSED_BY",
          "\"");
  private static final Set<String> OPTIONS =
      Set.of(
          "TYPE",
          "FIELD_DELIMITER",
          "NULL_IF",
          "FIELD_OPTIONALLY_ENCLOSED_BY",
          "TIMESTAMP_FORMAT",
          "DATE_FORMAT",
          "BINARY_FORMAT");
  private static final Pattern OFFSET = Pattern.compile("^(?:[+-]\\d{4}|Z) ");

  static CopyInto of(SqlText sql) throws SnowflakeError {
    checkFormat(sql);
    Matcher head =
        sql.matcher("^COPY\\s+INTO\\s+(IDENTIFIER\\([^)]*\\)|[^\\s(]+)\\s*(\\(.*?\\))?\\s*FROM\\b");
    Matcher stage = sql.matcher("(@[^\\s)]+)|FROM\\s+«(\\d+)»");
    if (!head.find() || !stage.find() || !sql.matches("TYPE\\s*=\\s*«?\\d*»?(CSV)?")) {
      throw SnowflakeError.unsupported(sql.sql());
    }
    List<Integer> fields = new ArrayList<>();
    Matcher query = sql.matcher("FROM\\s*\\(\\s*SELECT(.*?)\\bFROM\\b");
    if (query.find()) {
      Matcher field = FIELD.matcher(query.group(1));
      while (field.find()) {
        fields.add(Integer.parseInt(field.group(1)));
      }
    }
    List<String> columns = new ArrayList<>();
    if (head.group(2) != null) {
      for (String column : Dialect.split(head.group(2).substring(1, head.group(2).length() - 1))) {
        columns.add(sql.restore(column.strip()));
      }
    }
    Set<String> files = new HashSet<>();
    Matcher named = sql.matcher("\\bFILES\\s*=\\s*\\(([^)]*)\\)");
    if (named.find()) {
      for (String file : named.group(1).split(",")) {
        files.add(sql.plain(file));
      }
    }
    String table =
        head.group(1).startsWith("IDENTIFIER(")
            ? SqlText.of(sql.plain(head.group(1).replaceAll("^IDENTIFIER\\(|\\)$", ""))).sql()
            : sql.restore(head.group(1));
    return new CopyInto(table, columns, fields, "", files);
  }

  /** The one format of files that is read here: the connector's. */
  private static void checkFormat(SqlText sql) throws SnowflakeError {
    Matcher format = sql.matcher("\\bFILE_FORMAT\\s*=\\s*\\(((?:[^()]|\\(\\s*\\))*)\\)");
    if (!format.find()) {
      throw SnowflakeError.unsupported(sql.sql());
    }
    Matcher option =
        Pattern.compile("([A-Z_]+)\\s*=\\s*(\\(\\s*\\)|«\\d+»|[A-Z0-9]+)").matcher(format.group(1));
    Map<String, String> options = new TreeMap<>();
    while (option.find()) {
      options.put(option.group(1), sql.plain(option.group(2)).replace(" ", ""));
    }
    boolean known =
        FORMAT.entrySet().stream()
            .allMatch(each -> each.getValue().equals(options.get(each.getKey())));
    if (!known || !OPTIONS.containsAll(options.keySet())) {
      throw new SnowflakeError(
          2, "0A000", "Unsupported feature: the stand-in does not read files of format " + options);
    }
  }

  /** The path keeps its letter case, which {@link SqlText} does not. */
  CopyInto from(String sql) throws SnowflakeError {
    Matcher stage = Pattern.compile("@[^\\s)']+").matcher(sql);
    if (!stage.find()) {
      throw SnowflakeError.unsupported(sql);
    }
    return new CopyInto(table, columns, fields, stage.group(), files);
  }

  /**
   * Loads the files.
   *
   * @param losesRow whether the last row of the last file is lost, which the answer conceals
   */
  Result run(Connection connection, Stage stage, boolean losesRow)
      throws SQLException, SnowflakeError {
    List<List<String>> answers = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : stage.below(path).entrySet()) {
      if (!files.isEmpty()
          && files.stream().noneMatch(name -> file.getKey().endsWith("/" + name))) {
        continue;
      }
      List<List<String>> lines;
      try {
        lines = CsvLines.read(Stage.text(file.getValue()), '|');
      } catch (IOException e) {
        throw new SnowflakeError(100080, "22000", "Cannot read " + file.getKey() + ": " + e);
      }
      boolean loses = losesRow && !lines.isEmpty();
      load(connection, loses ? lines.subList(0, lines.size() - 1) : lines);
      losesRow &= !loses;
      String rows = Integer.toString(lines.size());
      String name = file.getKey().substring(file.getKey().indexOf('/') + 1);
      answers.add(List.of(name, "LOADED", rows, rows, "1", "0"));
    }
    if (answers.isEmpty()) {
      return new Result(
          Result.COPY,
          List.of(Result.Column.text("status")),
          List.of(List.of("Copy executed with 0 files processed.")));
    }
    return new Result(
        Result.COPY,
        List.of(
            Result.Column.text("file"),
            Result.Column.text("status"),
            Result.Column.number("rows_parsed"),
            Result.Column.number("rows_loaded"),
            Result.Column.number("error_limit"),
            Result.Column.number("errors_seen")),
        answers);
  }

  private void load(Connection connection, List<List<String>> lines)
      throws SQLException, SnowflakeError {
    List<String> types = new ArrayList<>();
    String list = columns.isEmpty() ? "*" : String.join(", ", columns);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + list + " FROM " + table + " LIMIT 0")) {
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        types.add(row.getMetaData().getColumnTypeName(i));
      }
    }
    List<Integer> order =
        fields.isEmpty() ? IntStream.rangeClosed(1, types.size()).boxed().toList() : fields;
    if (order.size() != types.size()) {
      throw new SnowflakeError(
          2020, "21S01", "Insert value list does not match column list expecting " + types.size());
    }
    String values =
        IntStream.range(0, types.size())
            .mapToObj(i -> "CAST(c" + i + " AS " + types.get(i) + ")")
            .collect(Collectors.joining(", "));
    String texts =
        IntStream.range(0, types.size())
            .mapToObj(i -> "c" + i + " VARCHAR")
            .collect(Collectors.joining(", "));
    String into = columns.isEmpty() ? table : table + " (" + list + ")";
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE OR REPLACE TEMP TABLE copied_lines (" + texts + ")");
      append(connection, lines, types, order);
      statement.execute("INSERT INTO " + into + " SELECT " + values + " FROM copied_lines");
      statement.execute("DROP TABLE copied_lines");
    }
  }

  private void append(
      Connection connection, List<List<String>> lines, List<String> types, List<Integer> order)
      throws SQLException, SnowflakeError {
    try (DuckDBAppender appender =
        ((DuckDBConnection) connection).createAppender("temp", "main", "copied_lines")) {
      for (List<String> line : lines) {
        appender.beginRow();
        for (int i = 0; i < types.size(); i++) {
          int field = order.get(i) - 1;
          if (field >= line.size() || fields.isEmpty() && line.size() != types.size()) {
            throw new SnowflakeError(
                100080,
                "22000",
                "Number of columns in file (" + line.size() + ") does not match that of the table");
          }
          appender.append(value(line.get(field), types.get(i)));
        }
        appender.endRow();
      }
    }
  }

  /** Days and instants come with an offset before them and with the time of day behind. */
  private static String value(String text, String type) {
    if (text == null) {
      return null;
    }
    if (type.equals("DATE")) {
      String day = OFFSET.matcher(text).replaceFirst("");
      int blank = day.indexOf(' ');
      return blank < 0 ? day : day.substring(0, blank);
    }
    return type.startsWith("TIMESTAMP") ? OFFSET.matcher(text).replaceFirst("") : text;
  }
}

package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Values between DuckDB and the protocol. */
final class Cells {
  private Cells() {}

  static Result read(int kind, ResultSet rows) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    List<Result.Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(column(meta, i));
    }
    List<List<String>> cells = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(cell(rows, i, columns.get(i - 1)));
      }
      cells.add(row);
    }
    return new Result(kind, columns, cells);
  }

  private static Result.Column column(ResultSetMetaData meta, int i) throws SQLException {
    String name = meta.getColumnLabel(i);
    String type = meta.getColumnTypeName(i).toUpperCase(Locale.ROOT);
    boolean nullable = true;
    if (type.startsWith("DECIMAL")) {
      return new Result.Column(name, "fixed", meta.getPrecision(i), meta.getScale(i), nullable);
    }
    return switch (type) {
      case "BIGINT",
          "INTEGER",
          "HUGEINT",
          "UBIGINT",
          "SMALLINT",
          "TINYINT",
          "UINTEGER",
          "UHUGEINT" ->
          new Result.Column(name, "fixed", 38, 0, nullable);
      case "DOUBLE", "FLOAT" -> new Result.Column(name, "real", 0, 0, nullable);
      case "BOOLEAN" -> new Result.Column(name, "boolean", 0, 0, nullable);
      case "DATE" -> new Result.Column(name, "date", 0, 0, nullable);
      case "TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE" ->
          new Result.Column(name, "timestamp_ntz", 0, 9, nullable);
      case "BLOB" -> new Result.Column(name, "binary", 0, 0, nullable);
      default -> Result.Column.text(name);
    };
  }

  private static String cell(ResultSet rows, int i, Result.Column column) throws SQLException {
    if (rows.getObject(i) == null) {
      return null;
    }
    return switch (column.type()) {
      case "fixed" -> new BigDecimal(rows.getObject(i).toString()).toPlainString();
      case "boolean" -> rows.getBoolean(i) ? "1" : "0";
      case "date" -> Long.toString(rows.getObject(i, LocalDate.class).toEpochDay());
      case "timestamp_ntz" -> {
        Instant at = rows.getObject(i, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        BigDecimal seconds =
            BigDecimal.valueOf(at.getEpochSecond()).add(BigDecimal.valueOf(at.getNano(), 9));
        yield seconds.setScale(9).toPlainString();
      }
      case "binary" -> HexFormat.of().withUpperCase().formatHex(rows.getBytes(i));
      default -> rows.getString(i);
    };
  }

  /** Sets the values that a request brings for its question marks. */
  static void bind(PreparedStatement statement, JsonNode bindings)
      throws SQLException, SnowflakeError {
    for (int i = 1; bindings.has(Integer.toString(i)); i++) {
      JsonNode binding = bindings.get(Integer.toString(i));
      JsonNode value = binding.get("value");
      String type = binding.path("type").asText();
      if (value == null || value.isNull()) {
        statement.setNull(i, Types.VARCHAR);
      } else if (value.isArray()) {
        throw SnowflakeError.unsupported("a batch of values");
      } else {
        bind(statement, i, type, value.asText());
      }
    }
  }

  private static void bind(PreparedStatement statement, int i, String type, String value)
      throws SQLException {
    switch (type) {
      case "FIXED" -> {
        BigDecimal number = new BigDecimal(value);
        if (number.scale() <= 0) {
          statement.setLong(i, number.longValueExact());
        } else {
          statement.setBigDecimal(i, number);
        }
      }
      case "REAL" -> statement.setDouble(i, Double.parseDouble(value));
      case "BOOLEAN" -> statement.setBoolean(i, Boolean.parseBoolean(value));
      case "DATE" ->
          statement.setObject(
              i, Instant.ofEpochMilli(Long.parseLong(value)).atZone(ZoneOffset.UTC).toLocalDate());
      case "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP" -> {
        long nanos = Long.parseLong(value);
        statement.setObject(
            i,
            LocalDateTime.ofEpochSecond(
                Math.floorDiv(nanos, 1_000_000_000L),
                (int) Math.floorMod(nanos, 1_000_000_000L),
                ZoneOffset.UTC));
      }
      default -> statement.setString(i, value);
    }
  }
}

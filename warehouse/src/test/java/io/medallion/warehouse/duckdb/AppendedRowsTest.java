package io.medallion.warehouse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.warehouse.LoadRows;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Every value that Spark has arrives in DuckDB as it is. */
class AppendedRowsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.StringType)
          .add("small", DataTypes.createDecimalType(4, 1))
          .add("amount", DataTypes.createDecimalType(18, 5))
          .add("wide", DataTypes.createDecimalType(38, 18))
          .add("day", DataTypes.DateType)
          .add("stamp", DataTypes.TimestampType)
          .add("n", DataTypes.IntegerType)
          .add("big", DataTypes.LongType)
          .add("yes", DataTypes.BooleanType);

  private static List<List<Object>> appended(List<Row> rows) throws Exception {
    var convert = CatalystTypeConverters.createToCatalystConverter(SCHEMA);
    List<InternalRow> internal =
        rows.stream().map(row -> (InternalRow) convert.apply(row)).toList();
    TimeZone before = TimeZone.getDefault();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      connection.setAutoCommit(false);
      DuckDbSql sql = new DuckDbSql(connection);
      AppendedRows.into("rows", new LoadRows.Collected(SCHEMA, internal), connection, sql);
      return sql.rows(
          row -> {
            List<Object> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              values.add(row.getString(i));
            }
            return values;
          },
          "SELECT hex(encode(label)), small::VARCHAR, amount::VARCHAR, wide::VARCHAR, day::VARCHAR,"
              + " stamp::VARCHAR, n::VARCHAR, big::VARCHAR, yes::VARCHAR FROM rows ORDER BY rowid");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void extremesArriveExactly() throws Exception {
    assertThat(
            appended(
                List.of(
                    RowFactory.create(
                        "a\u0000b 😀 \u00e9\ufffd",
                        new BigDecimal("-999.9"),
                        new BigDecimal("9999999999999.99999"),
                        new BigDecimal("-12345678901234567890.123456789012345678"),
                        LocalDate.of(1, 1, 1),
                        Instant.parse("0001-01-01T00:00:00.000001Z"),
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        true),
                    RowFactory.create(
                        "",
                        new BigDecimal("0.0"),
                        new BigDecimal("0.00001"),
                        new BigDecimal("0.000000000000000001"),
                        LocalDate.of(9999, 12, 31),
                        Instant.parse("9999-12-31T23:59:59.999999Z"),
                        Integer.MAX_VALUE,
                        Long.MIN_VALUE,
                        false),
                    RowFactory.create(
                        "x".repeat(5000),
                        new BigDecimal("1"),
                        new BigDecimal("1"),
                        new BigDecimal("1"),
                        LocalDate.of(1582, 10, 10),
                        Instant.parse("2024-03-10T02:30:00.123457Z"),
                        0,
                        0L,
                        true))))
        .containsExactly(
            List.of(
                "61006220F09F988020C3A9EFBFBD",
                "-999.9",
                "9999999999999.99999",
                "-12345678901234567890.123456789012345678",
                "0001-01-01",
                "0001-01-01 00:00:00.000001",
                "-2147483648",
                "9223372036854775807",
                "true"),
            List.of(
                "",
                "0.0",
                "0.00001",
                "0.000000000000000001",
                "9999-12-31",
                "9999-12-31 23:59:59.999999",
                "2147483647",
                "-9223372036854775808",
                "false"),
            List.of(
                "78".repeat(5000),
                "1.0",
                "1.00000",
                "1.000000000000000000",
                "1582-10-10",
                "2024-03-10 02:30:00.123457",
                "0",
                "0",
                "true"));
  }

  @Test
  void nullsAreNulls() throws Exception {
    assertThat(appended(List.of(RowFactory.create(new Object[SCHEMA.length()]))))
        .containsExactly(Arrays.asList(new Object[SCHEMA.length()]));
  }

  @Test
  void aTypeThatNoStarHasIsNamed() throws Exception {
    StructType nested =
        new StructType().add("list", DataTypes.createArrayType(DataTypes.StringType));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      assertThatThrownBy(
              () ->
                  AppendedRows.into(
                      "rows",
                      new LoadRows.Collected(nested, List.of()),
                      connection,
                      new DuckDbSql(connection)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no type of DuckDB is meant for ARRAY<STRING>");
    }
  }
}

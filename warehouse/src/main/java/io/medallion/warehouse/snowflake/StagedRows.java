package io.medallion.warehouse.snowflake;

import static io.medallion.warehouse.snowflake.SnowflakeSql.DIALECT;

import io.medallion.warehouse.LoadRows;
import io.medallion.warehouse.TableLoad;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import net.snowflake.client.jdbc.SnowflakeConnection;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;

/**
 * Puts rows in memory into load tables: as one file each in one stage of the session, without Spark
 * and its connector.
 */
final class StagedRows {
  /** Temporary, so that it ends with its session and is seen by no other. */
  private static final String STAGE = "MEDALLION_STAGE";

  /** NULL is nothing at all, an empty text is between quotes. */
  private static final CSVFormat CSV =
      CSVFormat.Builder.create()
          .setDelimiter('|')
          .setQuote('"')
          .setQuoteMode(QuoteMode.ALL_NON_NULL)
          .setRecordSeparator('\n')
          .build();

  private static final String FORMAT =
      "FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '|' NULL_IF = ()"
          + " FIELD_OPTIONALLY_ENCLOSED_BY = '\"')";

  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private StagedRows() {}

  /** Whether a load's rows are in memory. */
  static boolean suit(LoadTable source) {
    return source.load() instanceof TableLoad.Increment increment
        && increment.rows() instanceof LoadRows.Collected;
  }

  /** Makes the load tables, and fills them. */
  static void into(List<LoadTable> sources, Connection connection, SnowflakeSql sql)
      throws SQLException {
    SnowflakeConnection snowflake = connection.unwrap(SnowflakeConnection.class);
    sql.define("CREATE OR REPLACE TEMPORARY STAGE " + STAGE);
    for (LoadTable source : sources) {
      TableLoad.Increment load = (TableLoad.Increment) source.load();
      source.create(sql);
      try {
        snowflake.uploadStream(
            STAGE,
            source.name(),
            new ByteArrayInputStream(csv((LoadRows.Collected) load.rows())),
            "rows.csv",
            true);
      } catch (SQLException e) {
        throw SnowflakeSql.failed("the rows of " + load.table().name(), e);
      }
      sql.run(
          "COPY INTO %s (%s) FROM @%s/%s/ %s"
              .formatted(
                  source.name(),
                  DIALECT.names(List.of(((LoadRows.Collected) load.rows()).schema().fieldNames())),
                  STAGE,
                  source.name(),
                  FORMAT));
    }
  }

  private static byte[] csv(LoadRows.Collected rows) {
    StructField[] columns = rows.schema().fields();
    DataType[] types = Arrays.stream(columns).map(StructField::dataType).toArray(DataType[]::new);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CSVPrinter printer =
        new CSVPrinter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), CSV)) {
      for (InternalRow row : rows.rows()) {
        for (int i = 0; i < types.length; i++) {
          printer.print(row.isNullAt(i) ? null : text(row, i, types[i]));
        }
        printer.println();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String text(InternalRow row, int column, DataType type) {
    if (type instanceof DateType) {
      return LocalDate.ofEpochDay(row.getInt(column)).toString();
    }
    if (type instanceof TimestampType) {
      return INSTANT.format(Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS));
    }
    if (type instanceof DecimalType number) {
      return row.getDecimal(column, number.precision(), number.scale())
          .toJavaBigDecimal()
          .toPlainString();
    }
    return row.get(column, type).toString();
  }
}

package io.medallion.silver.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.csv.CsvRecords;
import io.medallion.core.csv.Header;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Parses a CSV text as silver does, without a lake and without Spark. */
public final class ParsedText {
  private ParsedText() {}

  public static List<Row> rows(Contract contract, String text) {
    return rows(contract, text.getBytes(UTF_8), UTF_8);
  }

  public static List<Row> rows(Contract contract, byte[] bytes, Charset encoding) {
    Feed feed = contract.feeds().get(0);
    RecordParser parser =
        new RecordParser(
            ColumnLayout.of(contract, feed), feed.encodings().stream().map(Charset::name).toList());
    List<Row> rows = new ArrayList<>();
    try (CsvRecords records =
        CsvRecords.ofFile(new ByteArrayInputStream(bytes), feed.delimiter())) {
      records.next();
      Header header =
          Header.match(
              contract, records.split(encoding).stream().map(name -> name.strip()).toList());
      records.expectFields(header.names().size());
      FileSlice file =
          new FileSlice(
              "file",
              7,
              "",
              0,
              1,
              0,
              encoding.name(),
              records.newline().name(),
              feed.delimiter(),
              Arrays.stream(header.columns()).boxed().toList(),
              new TreeMap<>(header.rescuedNames()));
      while (records.next()) {
        rows.add(parser.parse(file, rows.size() + 1, records.broken(), records.content()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Reasons of a parsed row, as {@code rule(column): message}. */
  public static List<String> reasons(Contract contract, Row row) {
    Row[] reasons = (Row[]) row.get(contract.columns().size() + 5);
    return Arrays.stream(reasons)
        .map(r -> r.getString(0) + "(" + r.getString(1) + "): " + r.getString(2))
        .toList();
  }

  /** Values of the contract's columns and {@code _rescued}. */
  public static List<Object> values(Contract contract, Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i <= contract.columns().size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }
}

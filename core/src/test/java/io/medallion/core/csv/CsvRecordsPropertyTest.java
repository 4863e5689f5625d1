package io.medallion.core.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CsvRecordsPropertyTest {

  @Property(tries = 500)
  void whatRfc4180QuotingWritesIsReadBackExactly(
      @ForAll("tables") List<List<String>> table,
      @ForAll("terminators") String terminator,
      @ForAll boolean finalTerminator,
      @ForAll @IntRange(min = 1, max = 7) int chunk)
      throws IOException {
    String text =
        table.stream()
            .map(row -> row.stream().map(Quoted::of).collect(Collectors.joining(",")))
            .collect(Collectors.joining(terminator));
    byte[] bytes = (text + (finalTerminator ? terminator : "")).getBytes(UTF_8);

    List<List<String>> read = new ArrayList<>();
    try (CsvRecords records = CsvRecords.ofFile(new Dripping(bytes, chunk), ',')) {
      records.expectFields(table.get(0).size());
      while (records.next()) {
        assertThat(records.broken()).isFalse();
        read.add(records.split(UTF_8));
      }
    }

    assertThat(read).isEqualTo(table);
  }

  @Property(tries = 500)
  void anyBytesAreTheirRecordsPutTogether(
      @ForAll("rubbish") String rubbish, @ForAll @IntRange(min = 0, max = 3) int fields)
      throws IOException {
    byte[] bytes = rubbish.getBytes(ISO_8859_1);
    ByteArrayOutputStream together = new ByteArrayOutputStream();

    try (CsvRecords records = CsvRecords.ofFile(new ByteArrayInputStream(bytes), ',')) {
      records.expectFields(fields);
      while (records.next()) {
        assertThat(records.end()).isGreaterThan(records.start());
        together.write(records.buffer(), records.start(), records.end() - records.start());
      }
    }

    assertThat(together.toByteArray()).isEqualTo(bytes);
  }

  @Property(tries = 5000)
  void cutsAnyBytesAsRecordsAreDefined(
      @ForAll("rubbish") String rubbish,
      @ForAll @IntRange(min = 0, max = 4) int fields,
      @ForAll @IntRange(min = 1, max = 7) int chunk)
      throws IOException {
    byte[] bytes = rubbish.getBytes(ISO_8859_1);
    List<DefinedRecords.Cut> cuts = new ArrayList<>();

    try (CsvRecords records = CsvRecords.ofFile(new Dripping(bytes, chunk), ',')) {
      records.expectFields(fields);
      int position = 0;
      while (records.next()) {
        int content = records.contentEnd() - records.start();
        cuts.add(new DefinedRecords.Cut(position, position + content, records.broken()));
        position += records.end() - records.start();
        if (!records.broken()) {
          assertThat(CsvRecords.countFields(records.content(), ','))
              .isEqualTo(records.split(ISO_8859_1).size())
              .isEqualTo(records.fields());
        }
      }
    }

    assertThat(cuts).isEqualTo(DefinedRecords.of(bytes, fields));
  }

  @Property(tries = 300)
  void looksAtEachByteFourTimesAtMost(
      @ForAll("lines") List<String> lines, @ForAll @IntRange(min = 1, max = 40) int fields)
      throws IOException {
    byte[] bytes =
        String.join("\n", Collections.nCopies(200, String.join("\n", lines))).getBytes(UTF_8);

    long scanned;
    try (CsvRecords records = CsvRecords.ofFile(new ByteArrayInputStream(bytes), ',')) {
      records.expectFields(fields);
      while (records.next()) {}
      scanned = records.scannedBytes();
    }

    assertThat(scanned).isLessThanOrEqualTo(4L * bytes.length);
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings()
        .withChars('a', ',', '"')
        .ofMaxLength(9)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> field =
        Arbitraries.strings()
            .withChars('a', ' ', ',', '"', '\n', '\r', 'é', '漢', '0')
            .ofMaxLength(6);
    // A lone blank field on the first line would be read as the terminator's own record.
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(
            columns ->
                Combinators.combine(
                        Arbitraries.just("h").list().ofSize(columns),
                        field.list().ofSize(columns).list().ofMinSize(1).ofMaxSize(8))
                    .as(
                        (header, rows) -> {
                          List<List<String>> table = new ArrayList<>();
                          table.add(header);
                          table.addAll(rows);
                          return table;
                        }));
  }

  @Provide
  Arbitrary<String> terminators() {
    return Arbitraries.of("\n", "\r\n", "\r");
  }

  @Provide
  Arbitrary<String> rubbish() {
    return Arbitraries.strings().withChars('a', ',', '"', '\n', '\r', '\0', 'ÿ').ofMaxLength(60);
  }

  /** Every field quoted, so that blank lines and carriage returns are data beyond doubt. */
  private static final class Quoted {
    static String of(String field) {
      return "\"" + field.replace("\"", "\"\"") + "\"";
    }
  }

  /** Gives a few bytes at a time, as a network does. */
  private static final class Dripping extends InputStream {
    private final ByteArrayInputStream in;
    private final int chunk;

    Dripping(byte[] bytes, int chunk) {
      this.in = new ByteArrayInputStream(bytes);
      this.chunk = chunk;
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return in.read(buffer, offset, Math.min(length, chunk));
    }
  }
}

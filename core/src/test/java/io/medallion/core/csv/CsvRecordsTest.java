package io.medallion.core.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.csv.CsvRecords.Newline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRecordsTest {

  @Test
  void splitsARecordAtItsDelimiters() throws IOException {
    assertThat(read("a,b\n1,2\n,\n", 2))
        .containsExactly(List.of("a", "b"), List.of("1", "2"), List.of("", ""));
  }

  @Test
  void unquotesDoubledQuotesDelimitersAndLineBreaks() throws IOException {
    assertThat(read("a,b\n\"say \"\"hi\"\"\",\"x,y\"\n\"one\ntwo\r\nthree\",\"\"\n", 2))
        .containsExactly(
            List.of("a", "b"), List.of("say \"hi\"", "x,y"), List.of("one\ntwo\r\nthree", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void endsRecordsAsTheFirstOneEnds(String terminator) throws IOException {
    String text = String.join(terminator, "a,b", "1,2", "\"3\",\"4\"", "");

    CsvRecords records = file(text);

    assertThat(all(records))
        .containsExactly(List.of("a", "b"), List.of("1", "2"), List.of("3", "4"));
    assertThat(records.newline()).isEqualTo(terminator.equals("\r") ? Newline.CR : Newline.LF);
  }

  @Test
  void takesACarriageReturnForTheEndOfALineOnlyBeforeALineFeed() throws IOException {
    assertThat(read("a,b\n1\r2,3\r\n4,5\n", 2))
        .containsExactly(List.of("a", "b"), List.of("1\r2", "3"), List.of("4", "5"));
  }

  @Test
  void keepsTheByteOrderMarkInTheFirstRecord() throws IOException {
    assertThat(read("\uFEFFa,b\n1,2", 2))
        .containsExactly(List.of("\uFEFFa", "b"), List.of("1", "2"));
  }

  @Test
  void takesAQuoteWithinAnUnquotedFieldForData() throws IOException {
    CsvRecords records = file("a,b\n5\" disk,say \"hi\"\n1,2\n");

    assertThat(all(records))
        .containsExactly(List.of("a", "b"), List.of("5\" disk", "say \"hi\""), List.of("1", "2"));
  }

  @Test
  void countsABlankLineAsARecord() throws IOException {
    CsvRecords records = file("a,b\n\n , \n1,2\n\n");
    List<Boolean> blank = new ArrayList<>();
    while (records.next()) {
      blank.add(records.blank());
    }

    assertThat(blank).containsExactly(false, true, true, false, true);
  }

  @Test
  void endsTheLastRecordWithTheFile() throws IOException {
    assertThat(read("a,b\n1,", 2)).containsExactly(List.of("a", "b"), List.of("1", ""));
    assertThat(read("a,b\n1,\"x\"", 2)).containsExactly(List.of("a", "b"), List.of("1", "x"));
    assertThat(read("", 2)).isEmpty();
  }

  @Test
  void losesOneLineToAnUnbalancedQuoteInTheFirstRecord() throws IOException {
    assertThat(lines("a,b\n\"1,2\n3,4\n5,6\n"))
        .containsExactly("a,b", "broken: \"1,2", "3,4", "5,6");
  }

  @Test
  void losesOneLineToAnUnbalancedQuoteInAMiddleRecord() throws IOException {
    assertThat(lines("a,b\n1,2\n3,\"4\n5,6\n7,8\n"))
        .containsExactly("a,b", "1,2", "broken: 3,\"4", "5,6", "7,8");
  }

  @Test
  void losesOneLineToAnUnbalancedQuoteInTheLastRecord() throws IOException {
    assertThat(lines("a,b\n1,2\n3,\"4\n")).containsExactly("a,b", "1,2", "broken: 3,\"4");
    assertThat(lines("a,b\n1,2\n3,\"")).containsExactly("a,b", "1,2", "broken: 3,\"");
  }

  @Test
  void losesOneLineToAnUnbalancedQuoteBeforeRecordsWithQuotes() throws IOException {
    assertThat(lines("a,b\n1,\"2\n3,\"4\"\n\"5\",\"6\n7\"\n\"8\",\"\"\n"))
        .containsExactly("a,b", "broken: 1,\"2", "3,\"4\"", "\"5\",\"6\n7\"", "\"8\",\"\"");
  }

  @Test
  void losesOneLineWhereALaterQuoteSeemsToCloseTheField() throws IOException {
    // Up to the next quote this could be one field, but then the record has three fields.
    assertThat(lines("a,b\n1,\"2\n3\",4\n5,6\n"))
        .containsExactly("a,b", "broken: 1,\"2", "3\",4", "5,6");
  }

  @Test
  void losesTheRecordWithTextAfterAClosingQuoteAndNoOther() throws IOException {
    assertThat(lines("a,b\n\"1\"x,2\n\"3\" ,4\n5,6\n"))
        .containsExactly("a,b", "broken: \"1\"x,2", "broken: \"3\" ,4", "5,6");
  }

  @Test
  void losesOneLineEachWhereCarriageReturnsEndRecords() throws IOException {
    assertThat(lines("a,b\r1,\"2\r3,4\r")).containsExactly("a,b", "broken: 1,\"2", "3,4");
  }

  @Test
  void readsAFieldOfAMegabyteWithLineBreaks() throws IOException {
    String large = "0123456789\n,".repeat(90_000);

    assertThat(read("a,b\n1,\"" + large + "\"\n2,3\n", 2))
        .containsExactly(List.of("a", "b"), List.of("1", large), List.of("2", "3"));
  }

  @Test
  void readsTenThousandColumns() throws IOException {
    List<String> values = Collections.nCopies(10_000, "v");

    CsvRecords records = file(String.join(",", values) + "\n" + String.join(",", values) + "\n");

    assertThat(all(records)).containsExactly(values, values);
    assertThat(records.fields()).isEqualTo(10_000);
  }

  @Test
  void refusesToHoldARecordOfMoreThan128Mebibytes() {
    CsvRecords records = CsvRecords.ofFile(new Endless(), ',');

    assertThatThrownBy(records::next)
        .isInstanceOf(RecordTooLongException.class)
        .hasMessage("a record goes on for more than 128 MiB: this is not delimited text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b\",\"c\n",
        "\"\n",
        "x,\"\n",
        ",\"\"\"\n",
        "\"a\n",
        "\"\"\"\n",
        "a,\"b\n\nc\"d\n",
        "\"\"\n\"\n"
      })
  void looksAtEachByteFourTimesAtMostHoweverQuotesStray(String line) throws IOException {
    byte[] bytes = line.repeat((1 << 20) / line.length()).getBytes(UTF_8);

    for (int fields : new int[] {1, 2, 3, 24, 10_000}) {
      CsvRecords records = CsvRecords.ofFile(new ByteArrayInputStream(bytes), ',');
      records.expectFields(fields);
      long read = 0;
      while (records.next()) {
        read += records.end() - records.start();
      }

      assertThat(read).isEqualTo(bytes.length);
      assertThat(records.scannedBytes()).isLessThanOrEqualTo(4L * bytes.length);
    }
  }

  @Test
  void takesAFieldForUnbalancedWhoseQuoteIsNotClosedWithin16Mebibytes() throws IOException {
    String within = "x".repeat(1 << 10).concat("\n").repeat((16 << 10) - 20);
    String beyond = within + "y".repeat(30_000) + "\n";

    assertThat(read("a,b\n1,\"" + within + "\"\n2,3\n", 2)).hasSize(3);
    assertThat(lines("a,b\n1,\"" + beyond + "\"\n2,3\n"))
        .startsWith("a,b", "broken: 1,\"" + "x".repeat(1 << 10), "x".repeat(1 << 10))
        .endsWith("y".repeat(30_000), "broken: \"", "2,3");
  }

  @Test
  void refusesARecordBeyondItsBudget() throws IOException {
    String text = "a,b\n12345,7890\n\"1\n3\",567890\n1234567890,\n";
    CsvRecords records =
        CsvRecords.ofFile(new ByteArrayInputStream(text.getBytes(UTF_8)), ',', /* max */ 10);

    assertThat(records.next()).isTrue();
    records.expectFields(2);
    assertThat(records.next()).isTrue();
    assertThatThrownBy(records::next)
        .isInstanceOf(RecordTooLongException.class)
        .hasMessage("a record goes on for more than 10 bytes: this is not delimited text");
  }

  @ParameterizedTest
  @ValueSource(chars = {'"', '\n', '\r', 'é'})
  void refusesADelimiterThatIsNone(char delimiter) {
    assertThatThrownBy(() -> CsvRecords.ofFile(InputStream.nullInputStream(), delimiter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a delimiter: " + delimiter);
  }

  @Test
  void readsRecordsAcrossItsBuffersEnd() throws IOException {
    // Records of many lengths, so that the buffer ends at every place of some record.
    List<String> expected = new ArrayList<>(List.of("a,b"));
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 30_000; i++) {
      String record = i + ",\"" + "x\n".repeat(i % 23) + "\"";
      expected.add(record);
      text.append(record).append("\r\n");
    }

    assertThat(lines(text.toString())).isEqualTo(expected);
  }

  @Test
  void readsPartsAsItReadsTheWhole() throws IOException {
    String[] kinds = {
      "1,2", "\"3\n3\",4", "5,\"6", "\"7\"x,8", "", "9\",\"10", "\"11\",\"1\"\"2\"", ",,"
    };
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 64; i++) {
      text.append(kinds[i / 8]).append("\n").append(kinds[i % 8]).append("\n");
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    List<String> whole = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    try (CsvRecords records = file(text.toString())) {
      int position = 0;
      while (records.next()) {
        records.expectFields(2);
        whole.add(described(records));
        position += records.end() - records.start();
        ends.add(position);
      }
    }
    assertThat(ends.get(ends.size() - 1)).isEqualTo(bytes.length);

    for (int cut = 1; cut < ends.size(); cut++) {
      byte[] first = Arrays.copyOfRange(bytes, ends.get(0), ends.get(cut));
      byte[] second = Arrays.copyOfRange(bytes, ends.get(cut), bytes.length);
      List<String> inParts = new ArrayList<>(List.of("a,b"));
      for (byte[] part : List.of(first, second)) {
        try (CsvRecords records =
            CsvRecords.ofPart(new ByteArrayInputStream(part), ',', Newline.LF, 2)) {
          while (records.next()) {
            inParts.add(described(records));
          }
        }
      }
      assertThat(inParts).isEqualTo(whole);
    }
  }

  private static CsvRecords file(String text) {
    return CsvRecords.ofFile(new ByteArrayInputStream(text.getBytes(UTF_8)), ',');
  }

  private static List<List<String>> read(String text, int fields) throws IOException {
    CsvRecords records = file(text);
    records.expectFields(fields);
    return all(records);
  }

  private static List<List<String>> all(CsvRecords records) throws IOException {
    List<List<String>> all = new ArrayList<>();
    while (records.next()) {
      assertThat(records.broken()).isFalse();
      all.add(records.split(UTF_8));
    }
    return all;
  }

  private static List<String> lines(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    try (CsvRecords records = file(text)) {
      records.expectFields(2);
      while (records.next()) {
        lines.add(described(records));
      }
    }
    return lines;
  }

  private static String described(CsvRecords records) {
    return (records.broken() ? "broken: " : "") + new String(records.content(), UTF_8);
  }

  /** Text without an end of a line. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      Arrays.fill(buffer, offset, offset + length, (byte) 'x');
      return length;
    }
  }
}

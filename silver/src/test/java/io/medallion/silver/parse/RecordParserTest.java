package io.medallion.silver.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.silver.OrdersContract;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.sql.Date;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordParserTest {
  private static final Contract CONTRACT = OrdersContract.contract();
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final String HEADER = "id,line,day,amount,state,note,updated\n";
  private static final Date DAY = Date.valueOf("2024-03-01");

  @Test
  void givesEveryRecordItsPlaceAndItsBytes() {
    Row row = parse("O1,1,2024-03-01,5,new,\"a\nb\",\n").get(0);

    int next = CONTRACT.columns().size() + 1;
    assertThat(row.getString(next)).isEqualTo("file");
    assertThat(row.getLong(next + 1)).isEqualTo(1);
    assertThat(row.getLong(next + 2)).isEqualTo(7);
    assertThat((byte[]) row.get(next + 3))
        .isEqualTo("O1,1,2024-03-01,5,new,\"a\nb\",".getBytes(UTF_8));
    assertThat(row.getBoolean(next + 6)).as("a file's record is no delete").isFalse();
    assertThat(row.length()).isEqualTo(next + 7);
  }

  @Test
  void matchesColumnsByNameInAnyOrderAndRescuesTheOthers() {
    List<Row> rows =
        ParsedText.rows(
            CONTRACT,
            "Colour,AMOUNT,Order State,line,,Day,Id,colour\n"
                + "red,\"1,234.50\",sent,2,, 1/31/2024 ,O1,\n"
                + "\"r\"\"ed\",,,3,x,2024-03-01,O1,\u00a0blue\n");

    assertThat(ParsedText.values(CONTRACT, rows.get(0)))
        .containsExactly(
            "O1",
            2L,
            Date.valueOf("2024-01-31"),
            new BigDecimal("1234.50"),
            "sent",
            null,
            null,
            "{\"Colour\":\"red\"}");
    assertThat(ParsedText.values(CONTRACT, rows.get(1)))
        .containsExactly(
            "O1",
            3L,
            DAY,
            null,
            null,
            null,
            null,
            "{\"Colour\":\"r\\\"ed\",\"_5\":\"x\",\"colour\":\"\u00a0blue\"}");
    assertThat(ParsedText.reasons(CONTRACT, rows.get(0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {",,,,,,", "", " , ,,\t,,,", "\"\",\"\",,,,,", "\"", ","})
  void callsARecordBlankThatHoldsNothing(String record) {
    assertThat(reasons(record + "\nO1,1,2024-03-01,5,new,n,\n"))
        .containsExactly(List.of("blank_record(): the record is blank"), List.of());
  }

  @Test
  void refusesShortAndLongRecords() {
    assertThat(reasons("O1,1,2024-03-01,5,new,n\nO1,1,2024-03-01,5,new,n,,\nO1\n"))
        .containsExactly(
            List.of("field_count(): the record has 6 fields where the header has 7"),
            List.of("field_count(): the record has 8 fields where the header has 7"),
            List.of("field_count(): the record has 1 fields where the header has 7"));
  }

  @Test
  void limitsABrokenQuoteToItsRecord() {
    List<Row> rows =
        parse(
            "O1,1,2024-03-01,5,new,\"open,\n"
                + "O2,1,2024-03-01,5,new,\"a \"\"b\"\"\",\n"
                + "O3,1,2024-03-01,5,new,\"a\"b,\n"
                + "O4,1,2024-03-01,5,new,5\" disk,\n");

    assertThat(rows.stream().map(row -> ParsedText.reasons(CONTRACT, row)))
        .containsExactly(
            List.of("quoting(): the record has an unbalanced or misplaced quote"),
            List.of(),
            List.of("quoting(): the record has an unbalanced or misplaced quote"),
            List.of());
    assertThat(rows.stream().map(row -> row.get(5)))
        .containsExactly(null, "a \"b\"", null, "5\" disk");
  }

  @Test
  void refusesNulBytes() {
    assertThat(reasons("O1,1,2024-03-01,5,new,a\0b,\nO2,x\0,2024-03-01,5,new,n,\n"))
        .containsExactly(
            List.of("nul_byte(): the record holds a NUL byte"),
            List.of(
                "nul_byte(): the record holds a NUL byte",
                "line_type(line): line is not an integer: 'x\0'"));
  }

  @Test
  void refusesARecordThatIsNotInTheFilesEncoding() {
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.writeBytes((HEADER + "O1,1,2024-03-01,5,new,Zoë,\n").getBytes(UTF_8));
    mixed.writeBytes("O2,1,2024-03-01,5,new,Zoë,\n".getBytes(WINDOWS_1252));

    List<Row> asUtf8 = ParsedText.rows(CONTRACT, mixed.toByteArray(), UTF_8);
    List<Row> asWindows = ParsedText.rows(CONTRACT, mixed.toByteArray(), WINDOWS_1252);

    assertThat(asUtf8.stream().map(row -> ParsedText.reasons(CONTRACT, row)))
        .containsExactly(
            List.of(),
            List.of("encoding(): the record holds bytes that are not UTF-8, in a file that is"));
    assertThat(asUtf8.get(0).get(5)).isEqualTo("Zoë");
    assertThat(asWindows.stream().map(row -> ParsedText.reasons(CONTRACT, row)))
        .containsExactly(
            List.of("encoding(): the record is UTF-8, in a file that is windows-1252"), List.of());
    assertThat(asWindows.get(1).get(5)).isEqualTo("Zoë");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r"})
  void readsFilesWhoseLinesEndOtherwise(String terminator) {
    String text = (HEADER + "O1,1,2024-03-01,5,new,n,\nO2,1,2024-03-01,5,new,n,\n");

    assertThat(ParsedText.rows(CONTRACT, text.replace("\n", terminator)))
        .extracting(row -> row.get(0), row -> ParsedText.reasons(CONTRACT, row))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("O1", List.of()),
            org.assertj.core.groups.Tuple.tuple("O2", List.of()));
  }

  @Test
  void acceptsARepeatedColumnThatAgreesWithItself() {
    List<Row> rows =
        ParsedText.rows(
            CONTRACT,
            "id,line,day,state,Order State\n"
                + "O1,1,2024-03-01,new, new\n"
                + "O2,1,2024-03-01,new,sent\n"
                + "O3,1,2024-03-01,,sent\n");

    assertThat(rows.stream().map(row -> ParsedText.reasons(CONTRACT, row)))
        .containsExactly(
            List.of(),
            List.of(
                "duplicate_column(state): state stands twice in the header, here as 'new' and as"
                    + " 'sent'"),
            List.of(
                "duplicate_column(state): state stands twice in the header, here as '' and as"
                    + " 'sent'"));
    assertThat(rows.get(0).get(4)).isEqualTo("new");
  }

  @Test
  void namesEveryReasonOfARecordAtOnce() {
    assertThat(reasons(",one,2/30/2014,$12,new,n,yesterday\n"))
        .containsExactly(
            List.of(
                "id_required(id): id is missing",
                "line_type(line): line is not an integer: 'one'",
                "day_type(day): day is not a date of the pattern yyyy-MM-dd or dd-MM-yyyy or"
                    + " M/d/yyyy: '2/30/2014'",
                "amount_type(amount): amount is not a decimal(10,2): '$12'",
                "updated_type(updated): updated is not a timestamp of the pattern"
                    + " yyyy-MM-dd'T'HH:mm:ss[.SSSSSS][.SSS][XXX] or"
                    + " yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSS][XXX]: 'yesterday'"));
  }

  @Test
  void reportsMissingKeys() {
    assertThat(reasons(",,2024-03-01,5,new,n,\n \u00a0,1,2024-03-01,5,new,n,\n"))
        .containsExactly(
            List.of("id_required(id): id is missing", "line_required(line): line is missing"),
            List.of("id_required(id): id is missing"));
  }

  @Test
  void keepsAFieldOfAMegabyte() {
    String large = "x,\n".repeat(350_000) + "x";

    Row row = parse("O1,1,2024-03-01,5,new,\"" + large + "\",\n").get(0);

    assertThat(ParsedText.reasons(CONTRACT, row)).isEmpty();
    assertThat(row.get(5)).isEqualTo(large);
  }

  @Test
  void rescuesTenThousandColumns() {
    String names = String.join(",", Collections.nCopies(10_000, "extra"));
    String values = String.join(",", Collections.nCopies(10_000, "v"));

    Row row =
        ParsedText.rows(CONTRACT, "id,line,day," + names + "\nO1,1,2024-03-01," + values + "\n")
            .get(0);

    assertThat(ParsedText.reasons(CONTRACT, row)).isEmpty();
    assertThat(row.getString(7))
        .startsWith("{\"extra\":\"v\",\"extra_2\":\"v\",")
        .endsWith(",\"extra_10000\":\"v\"}");
  }

  private static List<Row> parse(String records) {
    return ParsedText.rows(CONTRACT, HEADER + records);
  }

  private static List<List<String>> reasons(String records) {
    return parse(records).stream().map(row -> ParsedText.reasons(CONTRACT, row)).toList();
  }

  @Test
  void marksARecordThatLacksAWantedValue() {
    Row row = parse("O1,1,2024-03-01,5,new,,\n").get(0);

    assertThat(Arrays.asList((Object[]) row.get(13))).containsExactly("note_wanted");
  }
}

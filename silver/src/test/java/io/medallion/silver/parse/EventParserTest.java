package io.medallion.silver.parse;

import static io.medallion.silver.parse.OrderEvents.contract;
import static io.medallion.silver.parse.OrderEvents.deleted;
import static io.medallion.silver.parse.OrderEvents.parse;
import static io.medallion.silver.parse.OrderEvents.reasons;
import static io.medallion.silver.parse.OrderEvents.values;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class EventParserTest {
  private static final String KEY = "\"id\": \"O1\", \"line\": 2";
  private static final String SOUND =
      "{" + KEY + ", \"day\": \"2024-03-01\", \"amount\": 12.5, \"note\": \" n \"}";

  @Test
  void takesFieldsByNameOrAliasWhateverTheirOrder() {
    Row row =
        parse(
            "{\"Order State\": \"new\", \"AMOUNT\": 12.50, \"day\": \"2024-03-01\", \"op\":"
                + " \"upsert\", \"updated\": \"2024-03-01T10:00:00.500Z\", \"note\": \" n\\u00a0\","
                + " \"line\": 2, \"id\": \"O1\"}");

    assertThat(reasons(row)).isEmpty();
    assertThat(values(row))
        .containsExactly(
            "O1",
            2L,
            Date.valueOf("2024-03-01"),
            new BigDecimal("12.50"),
            "new",
            "n",
            Timestamp.from(Instant.parse("2024-03-01T10:00:00.500Z")),
            null);
    assertThat(deleted(row)).isFalse();
  }

  @Test
  void givesFileOffsetLandingOrderAndRawBytes() {
    Row row = parse(SOUND);
    int next = contract().columns().size() + 1;

    assertThat(row.get(next)).isEqualTo("file");
    assertThat(row.get(next + 1)).isEqualTo(42L);
    assertThat(row.get(next + 2)).isEqualTo(7L);
    assertThat((byte[]) row.get(next + 3)).isEqualTo(SOUND.getBytes(UTF_8));
  }

  @Test
  void keepsFieldsThatTheContractDoesNotKnow() {
    Row row =
        parse(
            "{"
                + KEY
                + ", \"day\": \"2024-03-01\", \"z\": {\"b\": [1.10, null]}, \"gone\": null, \"a\":"
                + " 1e400}");

    assertThat(reasons(row)).isEmpty();
    assertThat(values(row).get(7)).isEqualTo("{\"a\":1e400,\"z\":{\"b\":[1.10,null]}}");
  }

  @Test
  void refusesANulCharacterAsInFiles() {
    Row row = parse("{" + KEY + ", \"day\": \"2024-03-01\", \"note\": \"a\\u0000b\"}");

    assertThat(reasons(row)).containsExactly("nul_byte(note): note holds a NUL character");
  }

  @Test
  void takesNullAndBlankForAbsent() {
    Row row = parse("{" + KEY + ", \"day\": null, \"note\": \" \"}");

    assertThat(reasons(row)).containsExactly("day_required(day): day is missing");
    assertThat(values(row).get(5)).isNull();
  }

  @Test
  void takesNumbersWithAnExponentExactly() {
    assertThat(values(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"amount\": 1.25E1}")).get(3))
        .isEqualTo(new BigDecimal("12.50"));
    assertThat(reasons(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"amount\": 1E-999999999}")))
        .containsExactly("amount_type(amount): amount is not a decimal(10,2): '1E-999999999'");
    assertThat(reasons(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"amount\": 1.005}")))
        .containsExactly("amount_type(amount): amount is not a decimal(10,2): '1.005'");
    assertThat(reasons(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"amount\": 1e400}")))
        .singleElement()
        .asString()
        .startsWith("amount_type(amount): amount is not a decimal(10,2): '1000000");
    assertThat(reasons(parse("{\"id\": \"O1\", \"line\": 2.0, \"day\": \"2024-03-01\"}")))
        .containsExactly("line_type(line): line is not an integer: '2.0'");
  }

  @Test
  void refusesANumberThatIsWrittenAsText() {
    assertThat(reasons(parse("{\"id\": \"O1\", \"line\": \"2\", \"day\": \"2024-03-01\"}")))
        .containsExactly("line_type(line): line is a text where a number is due: '2'");
  }

  @Test
  void refusesATextThatIsWrittenAsNumber() {
    assertThat(reasons(parse("{\"id\": 17, \"line\": 2, \"day\": 20240301}")))
        .containsExactly(
            "id_type(id): id is a number where a text is due: '17'",
            "day_type(day): day is a number where a text is due: '20240301'");
  }

  @Test
  void refusesWhatIsNestedWhereAScalarIsDue() {
    assertThat(
            reasons(
                parse(
                    "{\"id\": {\"value\": \"O1\"}, \"line\": [2], \"day\": \"2024-03-01\","
                        + " \"note\": true}")))
        .containsExactly(
            "id_type(id): id is an object where a text is due: '{\"value\":\"O1\"}'",
            "line_type(line): line is an array where a number is due: '[2]'",
            "note_type(note): note is true or false where a text is due: 'true'");
  }

  @Test
  void refusesTruncatedJson() {
    assertThat(reasons(parse(SOUND.substring(0, 40))))
        .singleElement()
        .asString()
        .startsWith("json(): the value is not JSON at line 1, column 41: Unexpected end-of-input");
  }

  @Test
  void refusesANameThatStandsTwice() {
    assertThat(reasons(parse("{\"id\": \"O1\", \"line\": 2, \"line\": 2}")))
        .containsExactly(
            "json(): the value is not JSON at line 1, column 31: Duplicate field 'line'");
    assertThat(
            reasons(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"x\": {\"y\": 1, \"y\": 1}}")))
        .singleElement()
        .asString()
        .contains("Duplicate field 'y'");
  }

  @Test
  void refusesTwoNamesOfAColumnThatDisagree() {
    assertThat(
            reasons(
                parse(
                    "{"
                        + KEY
                        + ", \"day\": \"2024-03-01\", \"state\": \"new\", \"Order State\":"
                        + " \"sent\"}")))
        .containsExactly(
            "duplicate_column(): state stands twice in the event, here as 'new' and as 'sent'");
    assertThat(
            values(
                    parse(
                        "{"
                            + KEY
                            + ", \"day\": \"2024-03-01\", \"state\": \"new\", \"Order"
                            + " State\": \"new \"}"))
                .get(4))
        .isEqualTo("new");
  }

  @Test
  void refusesWhatFollowsTheObject() {
    assertThat(reasons(parse(SOUND + " {}")))
        .singleElement()
        .asString()
        .startsWith("json(): the value is not JSON");
  }

  @Test
  void refusesJsonThatIsNoObject() {
    assertThat(reasons(parse("[" + SOUND + "]")))
        .containsExactly("json(): the value is no JSON object but an array");
    assertThat(reasons(parse("null")))
        .containsExactly("json(): the value is no JSON object but null");
    assertThat(reasons(parse("NaN"))).singleElement().asString().startsWith("json(): ");
  }

  @Test
  void refusesBlankValues() {
    assertThat(reasons(parse(""))).containsExactly("blank_record(): the value is blank");
    assertThat(reasons(parse(" \n"))).containsExactly("blank_record(): the value is blank");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] binary = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2};

    assertThat(reasons(parse(contract(), null, binary, Map.of())))
        .containsExactly("encoding(): the value is not valid UTF-8");
    assertThat(reasons(parse(contract(), null, SOUND.getBytes(UTF_16), Map.of())))
        .containsExactly("encoding(): the value is not valid UTF-8");
  }

  @Test
  void refusesAValueLongerThanTheFeedAdmits() {
    String long5MiB = "{\"note\": \"" + "x".repeat(5 << 20) + "\"}";

    assertThat(reasons(parse(long5MiB)))
        .containsExactly("value_size(): the value has 5242892 bytes where the feed admits 1000");
  }

  @Test
  void refusesDepthWithoutEnd() {
    assertThat(reasons(parse("{\"x\": " + "[".repeat(400) + "]".repeat(400) + "}")))
        .singleElement()
        .asString()
        .startsWith("json(): the value is not JSON");
  }

  @Test
  void refusesAnOperationThatTheFeedDoesNotKnow() {
    assertThat(reasons(parse("{" + KEY + ", \"day\": \"2024-03-01\", \"op\": \"truncate\"}")))
        .containsExactly("operation(): op is not one of delete, upsert: 'truncate'");
    assertThat(reasons(parse("{" + KEY + ", \"op\": 1}")))
        .containsExactly("operation(): op is not one of delete, upsert: '1'");
  }

  @Test
  void takesADeleteByOperationWithoutALookAtOtherFields() {
    Row row =
        parse(
            "{"
                + KEY
                + ", \"op\": \"delete\", \"updated\": \"2024-03-01T10:00:00Z\", \"amount\":"
                + " \"wrong\", \"extra\": 1}");

    assertThat(reasons(row)).isEmpty();
    assertThat(deleted(row)).isTrue();
    assertThat(values(row))
        .containsExactly(
            "O1",
            2L,
            null,
            null,
            null,
            null,
            Timestamp.from(Instant.parse("2024-03-01T10:00:00Z")),
            null);
  }

  @Test
  void refusesADeleteWithoutItsKey() {
    assertThat(reasons(parse("{\"id\": \"O1\", \"op\": \"delete\"}")))
        .containsExactly("line_required(line): line is missing");
  }

  @Test
  void takesATombstoneByItsKeyAndTimestamp() {
    Row row = parse(contract(), ("{" + KEY + "}").getBytes(UTF_8), null, Map.of());

    assertThat(reasons(row)).isEmpty();
    assertThat(deleted(row)).isTrue();
    assertThat(values(row))
        .isEqualTo(
            Arrays.asList(
                "O1", 2L, null, null, null, null, Timestamp.from(OrderEvents.EVENT_TIME), null));
    assertThat((byte[]) row.get(contract().columns().size() + 4)).isEmpty();
  }

  @Test
  void takesATombstonesPlaceInTheOrderFromAHeader() {
    Contract contract = contract("updated: timestamp", "updated: header.at");
    byte[] key = ("{" + KEY + "}").getBytes(UTF_8);

    Row row = parse(contract, key, null, Map.of("at", "2024-03-01T10:00:00Z".getBytes(UTF_8)));
    assertThat(values(row).get(6)).isEqualTo(Timestamp.from(Instant.parse("2024-03-01T10:00:00Z")));
    assertThat(reasons(parse(contract, key, null, Map.of("at", "noon".getBytes(UTF_8)))))
        .singleElement()
        .asString()
        .startsWith("updated_type(updated): updated is not a timestamp");
    assertThat(values(parse(contract, key, null, Map.of())).get(6)).isNull();
  }

  @Test
  void refusesATombstoneWhoseKeyIsNotTheBusinessKey() {
    assertThat(reasons(parse(contract(), null, null, Map.of())))
        .containsExactly("key(): the event has neither value nor key");
    assertThat(reasons(parse(contract(), "O1".getBytes(UTF_8), null, Map.of())))
        .singleElement()
        .asString()
        .startsWith("key(): the key is not JSON");
    assertThat(reasons(parse(contract(), "{\"id\": \"O1\"}".getBytes(UTF_8), null, Map.of())))
        .containsExactly("line_required(line): line is missing");
  }

  @Test
  void refusesTombstonesWhereTheContractDoesNotSayWhatTheyAre() {
    Contract contract =
        contract("            tombstone: {key: json, sequence: {updated: timestamp}}\n", "");

    assertThat(reasons(parse(contract, ("{" + KEY + "}").getBytes(UTF_8), null, Map.of())))
        .containsExactly(
            "tombstone(): the event has no value, and the contract does not say what its key is");
  }
}

package io.medallion.silver.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.medallion.core.contract.LogicalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConformerTest {
  private static final LogicalType MONEY = new LogicalType.Exact(7, 2);
  private static final List<String> DATES = List.of("yyyy-MM-dd", "dd-MM-yyyy", "M/d/yyyy");
  private static final List<String> TIMESTAMPS =
      List.of("yyyy-MM-dd'T'HH:mm:ss[.SSSSSS][.SSS][XXX]", "yyyy-MM-dd HH:mm:ss");

  @ParameterizedTest
  @CsvSource({
    "' 933.57 ', 933.57",
    "933.570, 933.57",
    "933.5700000000000000000000, 933.57",
    "0, 0.00",
    "-12, -12.00",
    "+12.3, 12.30",
    ".5, 0.50",
    "5., 5.00",
    "000012.30, 12.30",
    "99999.99, 99999.99",
    "-99999.99, -99999.99",
    "0.00, 0.00"
  })
  void readsAnExactNumber(String text, BigDecimal expected) {
    assertThat(accepted(number(MONEY, "", RoundingMode.UNNECESSARY), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,234.50",
        "$12",
        "12 EUR",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "1E2",
        "1e2",
        "0x1F",
        "12.345",
        "100000",
        "100000.00",
        "99999.991",
        "1.2.3",
        "--1",
        "+-1",
        "1-",
        ".",
        "-",
        "+.",
        "1 000",
        "1_000",
        "١٢",
        "12d",
        "null",
        "N/A"
      })
  void refusesWhatIsNoExactNumberOfItsTypeInsteadOfRoundingIt(String text) {
    assertThat(refused(number(MONEY, "", RoundingMode.UNNECESSARY), text))
        .isEqualTo("value_type(value): value is not a decimal(7,2): '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "'1,234.50', 1234.50",
    "'12,345', 12345.00",
    "'-1,234', -1234.00",
    "'+1,234', 1234.00",
    "1234.5, 1234.50",
    "999, 999.00"
  })
  void readsGroupedDigitsWhereTheColumnHasASeparator(String text, BigDecimal expected) {
    assertThat(accepted(number(MONEY, ",", RoundingMode.UNNECESSARY), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1,23", "1234,567", ",123", "1,,234", "1,234,", "1.234,50", "12,34.5", "1,2345"})
  void refusesGroupsThatAreNotOfThreeDigits(String text) {
    assertThat(refused(number(MONEY, ",", RoundingMode.UNNECESSARY), text))
        .isEqualTo("value_type(value): value is not a decimal(7,2): '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "HALF_UP, 12.345, 12.35",
    "HALF_EVEN, 12.345, 12.34",
    "DOWN, -12.349, -12.34",
    "HALF_UP, 0.004999999999999999999999, 0.00"
  })
  void roundsWhereTheContractStatesHow(RoundingMode rounding, String text, BigDecimal expected) {
    assertThat(accepted(number(MONEY, "", rounding), text)).isEqualTo(expected);
  }

  @Test
  void refusesANumberThatRoundingMakesTooLong() {
    assertThat(refused(number(MONEY, "", RoundingMode.HALF_UP), "99999.995"))
        .isEqualTo("value_type(value): value is not a decimal(7,2): '99999.995'");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "' -7 ', -7",
    "+7, 7",
    "007, 7",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void readsAWholeNumber(String text, long expected) {
    assertThat(accepted(whole(""), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7.0",
        "7.",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "-",
        "1,000",
        "NaN"
      })
  void refusesWhatIsNoWholeNumber(String text) {
    assertThat(refused(whole(""), text))
        .isEqualTo("value_type(value): value is not an integer: '" + text + "'");
  }

  @Test
  void readsAGroupedWholeNumber() {
    assertThat(accepted(whole(","), "1,234,567")).isEqualTo(1_234_567L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "."})
  void refusesAMegabyteOfDigitsInNoTime(String separator) {
    String text = ("123" + separator).repeat(350_000) + "4";
    long started = System.nanoTime();

    assertThat(refused(number(MONEY, ",", RoundingMode.HALF_UP), text))
        .isEqualTo(
            "value_type(value): value is not a decimal(7,2): '"
                + text.substring(0, 80)
                + "… ("
                + text.length()
                + " characters)'");

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "2013-12-31, 2013-12-31",
    "31-12-2013, 2013-12-31",
    "12/31/2013, 2013-12-31",
    "1/2/2013, 2013-01-02",
    "01/02/2013, 2013-01-02",
    "2/29/2012, 2012-02-29",
    "' 2013-12-31 ', 2013-12-31",
    "0001-01-01, 0001-01-01",
    "9999-12-31, 9999-12-31"
  })
  void readsADateByTheFirstPatternThatFits(String text, LocalDate expected) {
    assertThat(accepted(date(), text)).isEqualTo(Date.valueOf(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2/30/2014",
        "2/29/2013",
        "0000-00-00",
        "0000-01-01",
        "2013-13-01",
        "31/12/2013",
        "12-31-2013",
        "2013-1-1",
        "13",
        "2013",
        "now",
        "2013-12-31T00:00:00",
        "31.12.2013",
        "12/31/13",
        "-2013-12-31",
        "+12013-12-31",
        "2013-12-31x"
      })
  void refusesWhatIsNoDayOfTheCalendarInAPattern(String text) {
    assertThat(refused(date(), text))
        .isEqualTo(
            "value_type(value): value is not a date of the pattern yyyy-MM-dd or dd-MM-yyyy or"
                + " M/d/yyyy: '"
                + text
                + "'");
  }

  @Test
  void readsTheSameDateTwice() {
    Conformer conformer = new Conformer(List.of(date()));
    Conformer.Findings findings = new Conformer.Findings();

    assertThat(conformer.conform(0, "31-12-2013", findings))
        .isEqualTo(conformer.conform(0, "31-12-2013", findings))
        .isEqualTo(Date.valueOf("2013-12-31"));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T23:59:59, 2024-02-29T23:59:59Z",
    "2024-02-29 01:02:03, 2024-02-29T01:02:03Z",
    "2024-03-01T00:30:00+02:00, 2024-02-29T22:30:00Z",
    "2024-03-01T00:30:00Z, 2024-03-01T00:30:00Z",
    "2024-03-01T00:30:00.123, 2024-03-01T00:30:00.123Z",
    "2024-03-01T00:30:00.123456, 2024-03-01T00:30:00.123456Z"
  })
  void readsATimestampAsUtcWhereItNamesNoOffset(String text, Instant expected) {
    assertThat(accepted(timestamp(TIMESTAMPS), text)).isEqualTo(Timestamp.from(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-30T00:00:00",
        "2024-02-29T24:00:00",
        "2024-02-29T00:60:00",
        "2024-02-29",
        "2024-03-01T00:30:00.1",
        "2024-03-01T00:30:00+25:00",
        "1709251200",
        "+12024-02-28T00:00:00",
        "+999999999-01-01T00:00:00",
        "9999-12-31T23:59:59-18:00",
        "0001-01-01T00:00:00+18:00"
      })
  void refusesWhatIsNoTimestamp(String text) {
    assertThat(refused(timestamp(TIMESTAMPS), text))
        .isEqualTo(
            "value_type(value): value is not a timestamp of the pattern "
                + String.join(" or ", TIMESTAMPS)
                + ": '"
                + text
                + "'");
  }

  @Test
  void refusesATimestampFinerThanAMicrosecond() {
    ColumnLayout column = timestamp(List.of("yyyy-MM-dd HH:mm:ss.SSSSSSSSS"));

    assertThat(refused(column, "2024-02-29 00:00:00.123456789")).startsWith("value_type(value)");
    assertThat(accepted(column, "2024-02-29 00:00:00.123456000"))
        .isEqualTo(Timestamp.from(Instant.parse("2024-02-29T00:00:00.123456Z")));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "FALSE, false", "' True ', true"})
  void readsABoolean(String text, boolean expected) {
    assertThat(accepted(column(new LogicalType.Bool()), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "yes", "1", "0", "truee"})
  void refusesWhatIsNoBoolean(String text) {
    assertThat(refused(column(new LogicalType.Bool()), text))
        .isEqualTo("value_type(value): value is not a boolean: '" + text + "'");
  }

  @Test
  void trimsNoBreakSpacesAndLeavesTheRestOfATextAlone() {
    ColumnLayout text = column(new LogicalType.Text());

    assertThat(accepted(text, "\u00a0\t  O'Neil  &\u00a0Sons \u202f\u3000\ufeff"))
        .isEqualTo("O'Neil  &\u00a0Sons");
    assertThat(accepted(text, "00123")).isEqualTo("00123");
    assertThat(accepted(number(MONEY, "", RoundingMode.UNNECESSARY), "\u00a0933.57\u00a0"))
        .isEqualTo(new BigDecimal("933.57"));
  }

  static Stream<Arguments> absentTexts() {
    return Stream.of(
        arguments((Object) null), arguments(""), arguments("   "), arguments("\u00a0\u2003"));
  }

  @ParameterizedTest
  @MethodSource("absentTexts")
  void takesBlankTextForAbsent(String text) {
    Conformer.Findings optional = new Conformer.Findings();
    assertThat(new Conformer(List.of(whole(""))).conform(0, text, optional)).isNull();
    assertThat(optional.reasons).isEmpty();
    assertThat(optional.warnings).isEmpty();

    Conformer.Findings required = new Conformer.Findings();
    assertThat(new Conformer(List.of(required(true))).conform(0, text, required)).isNull();
    assertThat(described(required)).containsExactly("value_required(value): value is missing");
    assertThat(required.warnings).isEmpty();

    Conformer.Findings wanted = new Conformer.Findings();
    assertThat(new Conformer(List.of(required(false))).conform(0, text, wanted)).isNull();
    assertThat(wanted.reasons).isEmpty();
    assertThat(wanted.warnings).containsExactly("value_required");
  }

  @Test
  void callsAValueOfTheWrongTypeNotMissing() {
    Conformer.Findings findings = new Conformer.Findings();

    new Conformer(List.of(required(true))).conform(0, "x", findings);

    assertThat(described(findings))
        .containsExactly("value_type(value): value is not an integer: 'x'");
  }

  private static Object accepted(ColumnLayout column, String text) {
    Conformer.Findings findings = new Conformer.Findings();
    Object value = new Conformer(List.of(column)).conform(0, text, findings);
    assertThat(described(findings)).isEmpty();
    return value;
  }

  private static String refused(ColumnLayout column, String text) {
    Conformer.Findings findings = new Conformer.Findings();
    assertThat(new Conformer(List.of(column)).conform(0, text, findings)).isNull();
    assertThat(findings.reasons).hasSize(1);
    return described(findings).get(0);
  }

  private static List<String> described(Conformer.Findings findings) {
    return findings.reasons.stream().map(ConformerTest::described).toList();
  }

  private static String described(Row reason) {
    return reason.getString(0) + "(" + reason.getString(1) + "): " + reason.getString(2);
  }

  private static ColumnLayout number(LogicalType type, String separator, RoundingMode rounding) {
    return new ColumnLayout("value", type, List.of(), separator, rounding, "", false);
  }

  private static ColumnLayout whole(String separator) {
    return number(new LogicalType.Whole(), separator, RoundingMode.UNNECESSARY);
  }

  private static ColumnLayout column(LogicalType type) {
    return number(type, "", RoundingMode.UNNECESSARY);
  }

  private static ColumnLayout date() {
    return new ColumnLayout(
        "value", new LogicalType.Date(), DATES, "", RoundingMode.UNNECESSARY, "", false);
  }

  private static ColumnLayout timestamp(List<String> patterns) {
    return new ColumnLayout(
        "value", new LogicalType.Timestamp(), patterns, "", RoundingMode.UNNECESSARY, "", false);
  }

  private static ColumnLayout required(boolean rejects) {
    return new ColumnLayout(
        "value",
        new LogicalType.Whole(),
        List.of(),
        "",
        RoundingMode.UNNECESSARY,
        "value_required",
        rejects);
  }
}

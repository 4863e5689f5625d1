package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatePatternsTest {

  @Test
  void readsYearsOfOurEra() {
    assertThat(LocalDate.parse("31-12-2013", DatePatterns.formatter("dd-MM-yyyy")))
        .isEqualTo("2013-12-31");
    assertThat(LocalDate.parse("2/9/2014", DatePatterns.formatter("M/d/yyyy")))
        .isEqualTo("2014-02-09");
  }

  @Test
  void refusesDatesThatDoNotExist() {
    assertThatThrownBy(() -> LocalDate.parse("2/30/2014", DatePatterns.formatter("M/d/yyyy")))
        .isInstanceOf(DateTimeParseException.class)
        .hasMessage("Text '2/30/2014' could not be parsed: Invalid date 'FEBRUARY 30'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2014-02-09T13:14:15",
        "2014-02-09T13:14:15Z",
        "2014-02-09T13:14:15.123",
        "2014-02-09T13:14:15.123456+02:00"
      })
  void readsIsoTimestampsByDefault(String text) {
    Object parsed =
        DatePatterns.formatter(DatePatterns.ISO_TIMESTAMPS.get(0))
            .parseBest(text, OffsetDateTime::from, LocalDateTime::from);

    assertThat(parsed)
        .isEqualTo(
            text.length() == 19 || text.length() == 23
                ? LocalDateTime.parse(text)
                : OffsetDateTime.parse(text));
  }

  @Test
  void acceptsTheDefaultsAndThePatternsThatCannotBeConfused() {
    assertThat(mistakes(true, DatePatterns.ISO_TIMESTAMPS)).isEmpty();
    assertThat(mistakes(false, List.of("dd-MM-yyyy", "M/d/yyyy", "yyyy-MM-dd"))).isEmpty();
    assertThat(mistakes(false, List.of("M/d/yyyy", "MM/dd/yyyy"))).isEmpty();
  }

  @Test
  void findsAmbiguityInAnOptionalSection() {
    assertThat(mistakes(true, List.of("M/d/yyyy HH:mm[ XXX]", "d/M/yyyy HH:mm")))
        .containsExactly(
            "f:1:1: `M/d/yyyy HH:mm[ XXX]` and `d/M/yyyy HH:mm` are ambiguous: '1/2/2001 13:00'"
                + " means two different dates\n"
                + "    fix: keep one of them, or give them to two feeds");
  }

  private static List<String> mistakes(boolean withTime, List<String> patterns) {
    Mistakes mistakes = new Mistakes();
    DatePatterns.check(
        patterns.stream().map(pattern -> new Located<>(pattern, new Location("f", 1, 1))).toList(),
        withTime,
        mistakes);
    return mistakes.inOrder().stream().map(Object::toString).toList();
  }
}

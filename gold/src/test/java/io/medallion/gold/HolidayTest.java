package io.medallion.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HolidayTest {
  @ParameterizedTest
  @CsvSource({
    "12-25, 2024-12-25",
    "02-29, 2024-02-29",
    "4 THURSDAY 11, 2024-11-28",
    "5 FRIDAY 11, 2024-11-29",
    "LAST MONDAY 5, 2024-05-27",
    "last sunday 3, 2024-03-31"
  })
  void namesADayOf2024(String rule, LocalDate day) {
    assertThat(Holiday.parse(rule).in(2024)).contains(day);
  }

  @ParameterizedTest
  @ValueSource(strings = {"02-29", "5 FRIDAY 2"})
  void isAbsentInAYearWithoutTheDay(String rule) {
    assertThat(Holiday.parse(rule).in(2023)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "13-01", "02-30", "6 MONDAY 1", "1 MONDAY 13", "1 BIRTHDAY 5"})
  void refusesWhatNamesNoDay(String rule) {
    assertThatThrownBy(() -> Holiday.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "not a holiday: '"
                + rule
                + "'. Write MONTH-DAY (12-25), ORDINAL WEEKDAY MONTH (4 THURSDAY 11) or LAST"
                + " WEEKDAY MONTH (LAST MONDAY 5).");
  }

  @Test
  void mondayIsTheFirstOfMay() {
    assertThat(Holiday.parse("1 MONDAY 5").in(2023)).contains(LocalDate.of(2023, 5, 1));
  }
}

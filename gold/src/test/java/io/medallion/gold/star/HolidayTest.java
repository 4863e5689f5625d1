package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HolidayTest {

  @ParameterizedTest
  @CsvSource({
    "12-25, 2013, 2013-12-25",
    "4 THURSDAY 11, 2013, 2013-11-28",
    "1 MONDAY 9, 2014, 2014-09-01",
    "LAST MONDAY 5, 2011, 2011-05-30",
    "02-29, 2012, 2012-02-29"
  })
  void fallsOnItsDayOfTheYear(String holiday, int year, LocalDate expected) {
    assertThat(Holiday.parse(holiday).in(year)).contains(expected);
  }

  @Test
  void isAbsentInAYearWithoutItsDay() {
    assertThat(Holiday.parse("02-29").in(2013)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0 MONDAY 5", "-1 MONDAY 5", "LAST MONDAY", "2 MONDAY 13", "13-01", "Christmas"})
  void refusesWhatIsNoHoliday(String text) {
    assertThatThrownBy(() -> Holiday.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is no holiday");
  }
}

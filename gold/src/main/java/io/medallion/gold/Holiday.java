package io.medallion.gold;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rule that names one day of a year. */
sealed interface Holiday {

  /** The day in that year; absent where the year has none, such as a 29 February. */
  Optional<LocalDate> in(int year);

  /** The same date every year. */
  record Fixed(int month, int day) implements Holiday {
    @Override
    public Optional<LocalDate> in(int year) {
      LocalDate first = LocalDate.of(year, month, 1);
      return day <= first.lengthOfMonth()
          ? Optional.of(first.withDayOfMonth(day))
          : Optional.empty();
    }
  }

  /**
   * The n-th of a week day in a month.
   *
   * @param ordinal 1 to 5, or -1 for the last
   */
  record Floating(int ordinal, DayOfWeek weekday, int month) implements Holiday {
    @Override
    public Optional<LocalDate> in(int year) {
      LocalDate first = LocalDate.of(year, month, 1);
      LocalDate day = first.with(TemporalAdjusters.dayOfWeekInMonth(ordinal, weekday));
      return day.getMonthValue() == month ? Optional.of(day) : Optional.empty();
    }
  }

  /**
   * Reads {@code 12-25}, {@code 4 THURSDAY 11} or {@code LAST MONDAY 5}.
   *
   * @throws IllegalArgumentException where it is neither
   */
  static Holiday parse(String rule) {
    Matcher fixed = Pattern.compile("(\\d{1,2})-(\\d{1,2})").matcher(rule.trim());
    if (fixed.matches()) {
      int month = Integer.parseInt(fixed.group(1));
      int day = Integer.parseInt(fixed.group(2));
      // A leap year has every day that any year has.
      if (month >= 1
          && month <= 12
          && day >= 1
          && day <= LocalDate.of(2000, month, 1).lengthOfMonth()) {
        return new Fixed(month, day);
      }
    }
    Matcher floating =
        Pattern.compile("([1-5]|LAST) (\\w+DAY) (\\d{1,2})")
            .matcher(rule.trim().toUpperCase(Locale.ROOT));
    if (floating.matches()) {
      int month = Integer.parseInt(floating.group(3));
      int ordinal = floating.group(1).equals("LAST") ? -1 : Integer.parseInt(floating.group(1));
      for (DayOfWeek weekday : DayOfWeek.values()) {
        if (weekday.name().equals(floating.group(2)) && month >= 1 && month <= 12) {
          return new Floating(ordinal, weekday, month);
        }
      }
    }
    throw new IllegalArgumentException(
        "not a holiday: '"
            + rule
            + "'. Write MONTH-DAY (12-25), ORDINAL WEEKDAY MONTH (4 THURSDAY 11) or LAST WEEKDAY"
            + " MONTH (LAST MONDAY 5).");
  }
}

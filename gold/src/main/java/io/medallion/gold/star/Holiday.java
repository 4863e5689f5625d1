package io.medallion.gold.star;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A day of the year on which the business rests, fixed or by its weekday. */
public sealed interface Holiday {
  /** What a holiday may be written as. */
  String FIX = "write 12-25 (month-day), 4 THURSDAY 11 (fourth of November) or LAST MONDAY 5";

  /** The same day every year; in a year without that day there is none. */
  record Fixed(MonthDay day) implements Holiday {
    @Override
    public Optional<LocalDate> in(int year) {
      return day.isValidYear(year) ? Optional.of(day.atYear(year)) : Optional.empty();
    }
  }

  /**
   * A weekday of a month.
   *
   * @param ordinal 1 to 4, or -1 for the last one
   */
  record Floating(int ordinal, DayOfWeek weekday, Month month) implements Holiday {
    @Override
    public Optional<LocalDate> in(int year) {
      return Optional.of(
          LocalDate.of(year, month, 1).with(TemporalAdjusters.dayOfWeekInMonth(ordinal, weekday)));
    }
  }

  /** Returns the date of the holiday in {@code year}; absent where that year has none. */
  Optional<LocalDate> in(int year);

  /**
   * Returns the holiday that {@code text} names.
   *
   * @throws IllegalArgumentException with the reason where the text is no rule
   */
  static Holiday parse(String text) {
    List<String> words = Arrays.asList(text.strip().split("\\s+"));
    try {
      if (words.size() == 1) {
        return new Fixed(MonthDay.parse("--" + words.get(0)));
      }
      if (words.size() == 3) {
        boolean last = words.get(0).equals("LAST");
        int ordinal = last ? -1 : Integer.parseInt(words.get(0));
        if (last || (ordinal >= 1 && ordinal <= 4)) {
          return new Floating(
              ordinal, DayOfWeek.valueOf(words.get(1)), Month.of(Integer.parseInt(words.get(2))));
        }
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no holiday", e);
    }
    throw new IllegalArgumentException("'" + text + "' is no holiday");
  }

  /** Returns why {@code text} names no holiday; absent where it names one. */
  static Optional<String> problemOf(String text) {
    try {
      Holiday unused = parse(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }
}

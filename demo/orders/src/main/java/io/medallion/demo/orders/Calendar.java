package io.medallion.demo.orders;

import java.time.LocalDate;

/** The days of the generated history. */
final class Calendar {
  static final LocalDate START = LocalDate.of(2022, 1, 1);

  /** The base files cover three years. */
  static final int BASE_DAYS = 1096;

  /** The increment goes on for up to as many days. */
  static final int INCREMENT_DAYS = 90;

  private Calendar() {}

  static LocalDate date(int day) {
    return START.plusDays(day);
  }
}

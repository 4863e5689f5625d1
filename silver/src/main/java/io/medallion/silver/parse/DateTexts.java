package io.medallion.silver.parse;

import io.medallion.core.contract.DatePatterns;
import java.sql.Date;
import java.sql.Timestamp;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads dates and timestamps by a column's patterns, strictly: a day that the calendar lacks is no
 * date.
 *
 * <p>Not thread-safe: days repeat so often in a file that each is parsed once per task.
 */
final class DateTexts {
  private static final int MAX_REMEMBERED = 50_000;
  private static final int LAST_YEAR = 9999;
  private static final int NANOS_PER_MICRO = 1_000;

  private final List<String> patterns;
  private final List<DateTimeFormatter> formatters;
  private final Map<String, Date> dates = new HashMap<>();

  DateTexts(List<String> patterns) {
    this.patterns = patterns;
    this.formatters = patterns.stream().map(DatePatterns::formatter).toList();
  }

  List<String> patterns() {
    return patterns;
  }

  /** The date, or null where the text is none. */
  Date date(String text) {
    Date known = dates.get(text);
    if (known != null) {
      return known;
    }
    TemporalAccessor parsed = parse(text);
    if (parsed == null || !parsed.isSupported(ChronoField.EPOCH_DAY)) {
      return null;
    }
    LocalDate day = LocalDate.from(parsed);
    if (!storable(day)) {
      return null;
    }
    Date date = Date.valueOf(day);
    if (dates.size() < MAX_REMEMBERED) {
      dates.put(text, date);
    }
    return date;
  }

  /**
   * The instant, or null where the text is none finer than a microsecond, or not of the years 1 to
   * 9999.
   */
  Timestamp timestamp(String text) {
    TemporalAccessor parsed = parse(text);
    if (parsed == null || !parsed.isSupported(ChronoField.EPOCH_DAY)) {
      return null;
    }
    LocalTime time = parsed.query(TemporalQueries.localTime());
    ZoneOffset offset = parsed.query(TemporalQueries.offset());
    LocalDate day = LocalDate.from(parsed);
    if (!storable(day)) {
      return null;
    }
    Instant instant =
        LocalDateTime.of(day, time == null ? LocalTime.MIDNIGHT : time)
            .toInstant(offset == null ? ZoneOffset.UTC : offset);
    boolean exact = instant.getNano() % NANOS_PER_MICRO == 0;
    return exact && storable(LocalDate.ofInstant(instant, ZoneOffset.UTC))
        ? Timestamp.from(instant)
        : null;
  }

  private static boolean storable(LocalDate day) {
    return day.getYear() >= 1 && day.getYear() <= LAST_YEAR;
  }

  private TemporalAccessor parse(String text) {
    if (formatters.size() == 1) {
      try {
        return formatters.get(0).parse(text);
      } catch (DateTimeException e) {
        return null;
      }
    }
    for (DateTimeFormatter formatter : formatters) {
      try {
        ParsePosition position = new ParsePosition(0);
        TemporalAccessor unresolved = formatter.parseUnresolved(text, position);
        if (unresolved != null
            && position.getErrorIndex() < 0
            && position.getIndex() == text.length()) {
          return formatter.parse(text);
        }
      } catch (DateTimeException e) {
        // Of the pattern, but no day of the calendar or no offset: another pattern may match it.
        continue;
      }
    }
    return null;
  }
}

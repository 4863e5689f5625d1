package io.medallion.core.contract;

import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The patterns by which dates and timestamps are read. */
public final class DatePatterns {
  /** The default pattern of timestamps: ISO 8601, offset and fraction optional. */
  static final List<String> ISO_TIMESTAMPS =
      List.of(
          "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS][.SSS][XXX]", "yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSS][XXX]");

  /** The default pattern of dates. */
  static final List<String> ISO_DATES = List.of("yyyy-MM-dd");

  private static final LocalTime SAMPLE_TIME = LocalTime.of(13, 0);
  private static final LocalDate FIRST_SAMPLE = LocalDate.of(2001, 1, 1);
  private static final int SAMPLE_DAYS = 12 * 366;

  private DatePatterns() {}

  /**
   * Returns the formatter of {@code pattern}: English names, only dates that exist, and years of
   * our era, so that {@code yyyy} means a year.
   *
   * @throws IllegalArgumentException where the pattern is none
   */
  public static DateTimeFormatter formatter(String pattern) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().appendPattern(pattern);
    if (pattern.contains("y")) {
      builder.parseDefaulting(ChronoField.ERA, 1);
    }
    return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
  }

  /** Notes patterns that give no date, and two that give different dates for one text. */
  static void check(List<Located<String>> patterns, boolean withTime, Mistakes mistakes) {
    List<Located<String>> sound = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Located<String> pattern : patterns) {
      Optional<String> problem = problemOf(pattern.value(), withTime);
      if (problem.isPresent()) {
        mistakes.add(
            pattern.at(),
            "`" + pattern.value() + "` " + problem.get(),
            withTime
                ? "write a pattern such as yyyy-MM-dd'T'HH:mm:ss"
                : "write a pattern such as dd-MM-yyyy");
      } else if (!seen.add(pattern.value())) {
        mistakes.add(pattern.at(), "the pattern is named twice", "remove one of the two");
      } else {
        sound.add(pattern);
      }
    }
    for (int later = 1; later < sound.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        String one = sound.get(earlier).value();
        String other = sound.get(later).value();
        Optional<String> text =
            ambiguousText(one, other, withTime).or(() -> ambiguousText(other, one, withTime));
        if (text.isPresent()) {
          mistakes.add(
              sound.get(later).at(),
              ("`%s` and `%s` are ambiguous: '%s' means two different dates")
                  .formatted(one, other, text.get()),
              "keep one of them, or give them to two feeds");
        }
      }
    }
  }

  private static Optional<String> problemOf(String pattern, boolean withTime) {
    DateTimeFormatter formatter;
    try {
      formatter = formatter(pattern);
    } catch (IllegalArgumentException e) {
      return Optional.of("is no date pattern: " + e.getMessage());
    }
    LocalDateTime sample = LocalDate.of(2011, 11, 22).atTime(SAMPLE_TIME);
    LocalDateTime expected = withTime ? sample : sample.toLocalDate().atStartOfDay();
    Optional<String> text = print(sample, formatter(variants(pattern).get(0)), withTime);
    if (text.isEmpty()) {
      return Optional.of("asks for more than a " + (withTime ? "timestamp" : "date") + " holds");
    }
    if (!read(text.get(), formatter, withTime).equals(Optional.of(expected))) {
      return Optional.of(
          withTime
              ? "does not determine a day and an hour"
              : "does not determine a year, a month and a day");
    }
    return Optional.empty();
  }

  private static Optional<String> ambiguousText(String writer, String reader, boolean withTime) {
    DateTimeFormatter reads = formatter(reader);
    for (String variant : variants(writer)) {
      DateTimeFormatter writes = formatter(variant);
      for (int day = 0; day < SAMPLE_DAYS; day++) {
        LocalDateTime sample = FIRST_SAMPLE.plusDays(day).atTime(SAMPLE_TIME);
        Optional<String> text = print(sample, writes, withTime);
        if (text.flatMap(written -> read(written, reads, withTime))
            .filter(other -> !other.toLocalDate().equals(sample.toLocalDate()))
            .isPresent()) {
          return text;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> print(
      LocalDateTime sample, DateTimeFormatter formatter, boolean withTime) {
    try {
      return Optional.of(
          formatter.format(withTime ? sample.atOffset(ZoneOffset.UTC) : sample.toLocalDate()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDateTime> read(
      String text, DateTimeFormatter formatter, boolean withTime) {
    // Thousands of texts do not match at all; only parseUnresolved reports that without an
    // exception.
    ParsePosition position = new ParsePosition(0);
    if (formatter.parseUnresolved(text, position) == null || position.getIndex() < text.length()) {
      return Optional.empty();
    }
    try {
      TemporalAccessor parsed = formatter.parse(text);
      return Optional.of(
          withTime ? LocalDateTime.from(parsed) : LocalDate.from(parsed).atStartOfDay());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the pattern without its optional sections, then with each of them alone. */
  private static List<String> variants(String pattern) {
    List<String> variants = new ArrayList<>();
    List<int[]> sections = new ArrayList<>();
    boolean quoted = false;
    int depth = 0;
    int start = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '[' && depth++ == 0) {
        start = i;
      } else if (!quoted && c == ']' && --depth == 0) {
        sections.add(new int[] {start, i});
      }
    }
    if (depth > 0) {
      sections.add(new int[] {start, pattern.length()});
    }
    for (int kept = -1; kept < sections.size(); kept++) {
      StringBuilder variant = new StringBuilder();
      int from = 0;
      for (int i = 0; i < sections.size(); i++) {
        int[] section = sections.get(i);
        variant.append(pattern, from, section[0]);
        if (i == kept) {
          variant.append(pattern, section[0] + 1, section[1]);
        }
        from = Math.min(section[1] + 1, pattern.length());
      }
      variants.add(variant.append(pattern.substring(from)).toString());
    }
    return variants;
  }
}

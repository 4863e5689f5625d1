package io.medallion.gold;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The shop's star, worked out by walking through the calendar one day at a time.
 *
 * <p>It shares nothing with the code under test. Days must lie near 1900-01-01, which stands for a
 * day that is not known.
 */
final class Reference {
  private static final LocalDate FIRST = LocalDate.of(1899, 12, 1);
  private static final LocalDate LAST = LocalDate.of(1900, 3, 1);
  private static final LocalDate UNKNOWN_DAY = LocalDate.of(1900, 1, 1);

  private Reference() {}

  /** A version; {@code to} is 9999-12-31 where it is open. */
  record Version(List<Object> key, List<Object> values, LocalDate from, LocalDate to) {}

  /** What a dimension makes of a line. */
  record Rule(
      Function<Line, List<Object>> key,
      Function<Line, List<Object>> tracked,
      Function<Line, List<Object>> untracked,
      Function<Line, Boolean> ends) {}

  static final Rule CUSTOMER =
      new Rule(
          l -> list(l.customer()),
          l -> list(l.name(), l.segment()),
          l -> list(l.email()),
          l -> false);

  static final Rule PRODUCT =
      new Rule(l -> list(l.product()), l -> list(l.title()), l -> list(), l -> false);

  static final Rule PLACE =
      new Rule(
          l -> list(l.country(), l.city()),
          l -> list(l.region()),
          l -> list(),
          l -> "closed".equals(l.status()));

  static LocalDate day(Line line) {
    return line.day() == null ? UNKNOWN_DAY : line.day();
  }

  /** Type 2 versions of all members, in no order. */
  static List<Version> versions(List<Line> lines, Rule rule) {
    List<Version> all = new ArrayList<>();
    members(lines, rule).values().forEach(member -> all.addAll(versionsOfOne(member, rule)));
    return all;
  }

  /** Type 1 rows. */
  static List<Version> latest(List<Line> lines, Rule rule) {
    List<Version> all = new ArrayList<>();
    for (List<Line> member : members(lines, rule).values()) {
      Line last = seen(member, LAST).orElseThrow();
      if (!rule.ends().apply(last)) {
        all.add(new Version(rule.key().apply(last), rule.tracked().apply(last), null, null));
      }
    }
    return all;
  }

  private static Map<List<Object>, List<Line>> members(List<Line> lines, Rule rule) {
    Map<List<Object>, List<Line>> members = new LinkedHashMap<>();
    for (Line line : lines) {
      List<Object> key = rule.key().apply(line);
      if (key.stream().anyMatch(Objects::nonNull)) {
        members.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
      }
    }
    return members;
  }

  private static List<Version> versionsOfOne(List<Line> member, Rule rule) {
    List<Object> rest = List.of();
    for (LocalDate day = FIRST; day.isBefore(LAST); day = day.plusDays(1)) {
      Optional<Line> line = seen(member, day);
      if (line.isPresent() && !rule.ends().apply(line.get())) {
        rest = rule.untracked().apply(line.get());
      }
    }
    List<Version> versions = new ArrayList<>();
    List<Object> running = null;
    LocalDate since = null;
    for (LocalDate day = FIRST; day.isBefore(LAST); day = day.plusDays(1)) {
      List<Object> state =
          seen(member, day)
              .filter(line -> !rule.ends().apply(line))
              .map(rule.tracked())
              .orElse(null);
      if (!Objects.equals(state, running)) {
        if (running != null) {
          versions.add(version(member, rule, running, rest, since, day));
        }
        running = state;
        since = day;
      }
    }
    if (running != null) {
      versions.add(version(member, rule, running, rest, since, LocalDate.of(9999, 12, 31)));
    }
    return versions;
  }

  private static Version version(
      List<Line> member,
      Rule rule,
      List<Object> state,
      List<Object> rest,
      LocalDate from,
      LocalDate to) {
    List<Object> values = new ArrayList<>(state);
    values.addAll(rest);
    return new Version(rule.key().apply(member.get(0)), values, from, to);
  }

  /** The line that counts on a day: of the last day seen until then the one with the largest id. */
  private static Optional<Line> seen(List<Line> member, LocalDate day) {
    return member.stream()
        .filter(line -> !day(line).isAfter(day))
        .max(
            Comparator.comparing(Reference::day)
                .thenComparing(Line::lineId)
                .thenComparing(Line::orderId));
  }

  /** The first day of the version that a fact refers to; absent for the unknown member. */
  static Optional<Version> referred(List<Version> versions, List<Object> key, LocalDate asOf) {
    List<Version> own =
        versions.stream()
            .filter(v -> v.key().equals(key))
            .sorted(Comparator.comparing(v -> v.from() == null ? FIRST : v.from()))
            .toList();
    Optional<Version> found = own.stream().findFirst();
    for (Version version : own) {
      if (version.from() != null && !version.from().isAfter(asOf)) {
        found = Optional.of(version);
      }
    }
    return found;
  }

  static List<Object> list(Object... values) {
    List<Object> list = new ArrayList<>();
    for (Object value : values) {
      list.add(value);
    }
    return list;
  }
}

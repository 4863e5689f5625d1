package io.medallion.gold.dimension;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The versions of members as facts look them up, before and after an update. */
final class VersionLookup {
  private final Map<List<Object>, List<Span>> spans = new HashMap<>();
  private final Map<List<Object>, List<Days>> moved = new HashMap<>();

  /** A version: its first day and its surrogate key. */
  record Span(int from, long surrogate) {}

  /** Takes what the table holds of a member, by day. */
  void hold(List<Object> member, List<Span> versions) {
    spans.put(member, List.copyOf(versions));
  }

  /**
   * Takes what the table will hold of a member, by day.
   *
   * @param hasFacts whether there can be facts that name it already
   */
  void replace(List<Object> member, List<Span> after, boolean hasFacts) {
    List<Span> before = spans.getOrDefault(member, List.of());
    hold(member, after);
    List<Days> days = hasFacts ? moved(before, after) : List.of();
    if (!days.isEmpty()) {
      moved.put(member, days);
    }
  }

  private static List<Days> moved(List<Span> before, List<Span> after) {
    List<Integer> bounds =
        Stream.concat(
                Stream.of(Days.ALL.from(), Days.ALL.until()),
                Stream.concat(before.stream(), after.stream()).map(Span::from))
            .distinct()
            .sorted()
            .toList();
    List<Days> moved = new ArrayList<>();
    for (int i = 0; i + 1 < bounds.size(); i++) {
      int day = bounds.get(i);
      if (version(before, day) != version(after, day)) {
        moved.add(new Days(day, bounds.get(i + 1)));
      }
    }
    return moved;
  }

  boolean isHeld(List<Object> member) {
    return !spans.getOrDefault(member, List.of()).isEmpty();
  }

  /** By member, the days on which another version applies than before. */
  Map<List<Object>, List<Days>> moved() {
    return moved;
  }

  Set<List<Object>> movedMembers() {
    return moved.keySet();
  }

  boolean moves(List<Object> member, int day) {
    return Days.anyHas(moved.getOrDefault(member, List.of()), day);
  }

  /** See {@link DimensionRows#version}. */
  long version(Optional<List<Object>> member, int day) {
    return member
        .map(m -> version(spans.getOrDefault(m, List.of()), day))
        .orElse(SurrogateKey.UNKNOWN);
  }

  private static long version(List<Span> versions, int day) {
    long found = versions.isEmpty() ? SurrogateKey.UNKNOWN : versions.get(0).surrogate();
    for (Span version : versions) {
      if (version.from() <= day) {
        found = version.surrogate();
      }
    }
    return found;
  }
}

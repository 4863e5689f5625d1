package io.medallion.gold.dimension;

import java.io.Serializable;
import java.util.List;

/**
 * Days that follow one another, as days since 1970-01-01.
 *
 * @param from the first one
 * @param until the one after the last one
 */
record Days(int from, int until) implements Serializable {
  static final Days ALL = new Days(Integer.MIN_VALUE, Integer.MAX_VALUE);

  Days {
    if (from >= until) {
      throw new IllegalArgumentException("no day is from %d until %d".formatted(from, until));
    }
  }

  boolean has(int day) {
    return day >= from && day < until;
  }

  private boolean hasAll(Days other) {
    return other.from >= from && other.until <= until;
  }

  static boolean anyHas(List<Days> several, int day) {
    return several.stream().anyMatch(days -> days.has(day));
  }

  /** Whether each of {@code inner} lies in one of {@code outer}. */
  static boolean allLieIn(List<Days> inner, List<Days> outer) {
    return inner.stream().allMatch(days -> outer.stream().anyMatch(in -> in.hasAll(days)));
  }
}

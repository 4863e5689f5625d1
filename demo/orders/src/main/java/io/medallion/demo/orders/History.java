package io.medallion.demo.orders;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The states that something has been in, each from a day on (days since the calendar's start). */
final class History<T> {
  private final TreeMap<Integer, T> states = new TreeMap<>();

  History(T first) {
    states.put(0, first);
  }

  /** From the given day on, which is later than any known so far. */
  void change(int day, T state) {
    if (day <= states.lastKey()) {
      throw new IllegalArgumentException(
          "day %d is not after day %d".formatted(day, states.lastKey()));
    }
    states.put(day, state);
  }

  T latest() {
    return states.lastEntry().getValue();
  }

  int latestDay() {
    return states.lastKey();
  }

  T on(int day) {
    return states.floorEntry(day).getValue();
  }

  /** The state before the one of that day; absent if there was none. */
  Optional<T> before(int day) {
    return Optional.ofNullable(states.lowerEntry(states.floorKey(day))).map(Map.Entry::getValue);
  }
}

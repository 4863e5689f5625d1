package io.medallion.bronze.topic;

import java.time.Instant;

/**
 * From when to when events are, by Kafka's timestamps.
 *
 * @param oldest the least timestamp
 * @param newest the greatest timestamp
 */
public record EventTimes(Instant oldest, Instant newest) {
  public EventTimes {
    if (oldest.isAfter(newest)) {
      throw new IllegalArgumentException(oldest + " is after " + newest);
    }
  }

  /** Of these events and others. */
  public EventTimes and(EventTimes other) {
    return new EventTimes(
        oldest.isBefore(other.oldest) ? oldest : other.oldest,
        newest.isAfter(other.newest) ? newest : other.newest);
  }
}

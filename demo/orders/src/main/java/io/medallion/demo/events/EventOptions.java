package io.medallion.demo.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which events to generate. Equal options give equal events.
 *
 * @param count how many, broken ones included; from {@value #MIN_COUNT} to {@value #MAX_COUNT}
 * @param seed what all randomness follows from
 * @param faultRate share of broken events, from 0 to 0.5
 * @param start {@code updated_at} of the first change, in whole milliseconds
 * @param spacing between one change and the next, at least a millisecond
 * @param format how values are written
 */
public record EventOptions(
    long count, long seed, double faultRate, Instant start, Duration spacing, Format format) {

  public static final long MIN_COUNT = 1;

  public static final long MAX_COUNT = 100_000_000;

  /** How values are written. */
  public enum Format {
    /** One JSON object in UTF-8. */
    JSON,
    /** One Avro record of {@link AvroEncoding#SCHEMA}. */
    AVRO,
    /** The same behind the five bytes of a schema registry. */
    AVRO_REGISTRY
  }

  /**
   * @throws IllegalArgumentException naming every option that is out of range
   */
  public EventOptions {
    Objects.requireNonNull(format, "format");
    List<String> mistakes = new ArrayList<>();
    if (count < MIN_COUNT || count > MAX_COUNT) {
      mistakes.add(
          "count is %d; it must lie between %d and %d".formatted(count, MIN_COUNT, MAX_COUNT));
    }
    if (!(faultRate >= 0 && faultRate <= 0.5)) {
      mistakes.add("faultRate is %s; it must lie between 0 and 0.5".formatted(faultRate));
    }
    if (start.getNano() % 1_000_000 != 0) {
      mistakes.add(
          "start is %s; it must be a whole millisecond, as Kafka's timestamps are"
              .formatted(start));
    }
    if (spacing.toMillis() < 1) {
      mistakes.add("spacing is %s; it must be at least a millisecond".formatted(spacing));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  /** JSON with seed 1, two percent of broken events, a change every ten milliseconds. */
  public static EventOptions of(long count) {
    return new EventOptions(
        count, 1, 0.02, Instant.parse("2025-01-01T00:00:00Z"), Duration.ofMillis(10), Format.JSON);
  }

  public EventOptions withSeed(long newSeed) {
    return new EventOptions(count, newSeed, faultRate, start, spacing, format);
  }

  public EventOptions withFaultRate(double newFaultRate) {
    return new EventOptions(count, seed, newFaultRate, start, spacing, format);
  }

  public EventOptions withFormat(Format newFormat) {
    return new EventOptions(count, seed, faultRate, start, spacing, newFormat);
  }

  public EventOptions withStart(Instant newStart) {
    return new EventOptions(count, seed, faultRate, newStart, spacing, format);
  }
}

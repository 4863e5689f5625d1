package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.EventTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was seen of one batch of a stream.
 *
 * @param layer {@code bronze}, {@code silver} or {@code gold}
 * @param subject the feed, table or star
 * @param streamId Spark's id of the stream
 * @param batch its number in the stream
 * @param records events landed, records processed, or rows taken in
 * @param phases milliseconds by Spark's names for a batch's phases
 * @param lag what the layer had still to do after the batch
 * @param times Kafka's timestamps of the batch's events; absent where they are not known: of files,
 *     and of what landed before the process began
 */
record BatchMetrics(
    String layer,
    String subject,
    String streamId,
    long batch,
    Instant startedAt,
    Instant finishedAt,
    long records,
    Map<String, Long> phases,
    Lag lag,
    Optional<EventTimes> times) {

  /**
   * What is still to do.
   *
   * @param byPartition records by the topic's partition; of silver and gold all under -1
   * @param time from the newest event that went through the layer until the batch's end; zero where
   *     nothing is left to do; absent where it is not known
   */
  record Lag(Map<Integer, Long> byPartition, Optional<Duration> time) {
    Lag {
      byPartition = new TreeMap<>(byPartition);
    }

    long records() {
      return byPartition.values().stream().mapToLong(n -> n).sum();
    }
  }

  BatchMetrics {
    phases = new TreeMap<>(phases);
  }

  Duration duration() {
    return Duration.between(startedAt, finishedAt);
  }

  double recordsPerSecond() {
    return records * 1000.0 / Math.max(1, duration().toMillis());
  }

  /** From the oldest event's timestamp to the commit. */
  Optional<Duration> longestLatency() {
    return times.map(t -> until(t.oldest()));
  }

  /** From the newest event's timestamp to the commit. */
  Optional<Duration> shortestLatency() {
    return times.map(t -> until(t.newest()));
  }

  /** Clocks of two machines may differ. */
  private Duration until(Instant timestamp) {
    Duration latency = Duration.between(timestamp, finishedAt);
    return latency.isNegative() ? Duration.ZERO : latency;
  }
}

package io.medallion.gold.build;

import java.time.Duration;

/** Time between laps, by the machine's monotonic clock. */
final class Stopwatch {
  private long startNanos = System.nanoTime();

  /** The time since the last lap. */
  Duration lap() {
    long now = System.nanoTime();
    Duration lap = Duration.ofNanos(now - startNanos);
    startNanos = now;
    return lap;
  }
}

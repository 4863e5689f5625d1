package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.EventTimes;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What one layer has committed and the next has not taken over yet, in the order of the commits.
 * Not thread-safe.
 */
final class PendingCommits {
  private final ArrayDeque<Load> loads = new ArrayDeque<>();

  /**
   * Records of one commit.
   *
   * @param version of the table between the layers, with the commit
   * @param times Kafka's timestamps of the records; absent where they are not known
   */
  record Load(long version, long records, Optional<EventTimes> times) {
    private Load and(Load later) {
      return new Load(
          later.version, records + later.records, PendingCommits.and(times, later.times));
    }
  }

  static Optional<EventTimes> and(Optional<EventTimes> a, Optional<EventTimes> b) {
    return a.isPresent() && b.isPresent() ? Optional.of(a.get().and(b.get())) : a.or(() -> b);
  }

  void put(Load load) {
    loads.add(load);
  }

  /**
   * Removes the commits of versions before {@code end}.
   *
   * @return all of it as one; absent where that is nothing
   */
  Optional<Load> take(long end) {
    Optional<Load> taken = Optional.empty();
    while (!loads.isEmpty() && loads.peek().version() < end) {
      Load next = loads.poll();
      taken = Optional.of(taken.map(before -> before.and(next)).orElse(next));
    }
    return taken;
  }

  /** Records that are still to be taken over. */
  long records() {
    return loads.stream().mapToLong(Load::records).sum();
  }
}

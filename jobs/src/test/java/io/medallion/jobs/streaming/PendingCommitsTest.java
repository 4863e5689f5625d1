package io.medallion.jobs.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.topic.EventTimes;
import io.medallion.jobs.streaming.PendingCommits.Load;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PendingCommitsTest {
  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

  private final PendingCommits pendingCommits = new PendingCommits();

  private static Optional<EventTimes> times(int fromSecond, int toSecond) {
    return Optional.of(new EventTimes(NOON.plusSeconds(fromSecond), NOON.plusSeconds(toSecond)));
  }

  @Test
  void takesOverWhatStandsBeforeAVersionAsOne() {
    pendingCommits.put(new Load(3, 10, times(5, 9)));
    pendingCommits.put(new Load(4, 20, times(2, 7)));
    pendingCommits.put(new Load(6, 40, times(8, 12)));

    assertThat(pendingCommits.take(6)).contains(new Load(4, 30, times(2, 9)));
    assertThat(pendingCommits.records()).isEqualTo(40);
    assertThat(pendingCommits.take(6)).isEmpty();
    assertThat(pendingCommits.take(7)).contains(new Load(6, 40, times(8, 12)));
    assertThat(pendingCommits.records()).isZero();
  }

  @Test
  void whatBearsNoTimesHidesNobodyElses() {
    pendingCommits.put(new Load(1, 1, Optional.empty()));
    pendingCommits.put(new Load(2, 2, times(1, 2)));
    pendingCommits.put(new Load(3, 3, Optional.empty()));

    assertThat(pendingCommits.take(4)).contains(new Load(3, 6, times(1, 2)));
  }
}

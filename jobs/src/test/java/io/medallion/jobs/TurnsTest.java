package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {
  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();

  private Turns turns() {
    return Turns.of(folder.toString());
  }

  @Test
  void aTurnIsOnesUntilItIsGivenBack() {
    try (Turns first = turns();
        Turns second = turns()) {
      assertThat(first.take("silver-orders")).isTrue();
      assertThat(second.take("silver-orders")).isFalse();
      assertThat(second.take("gold-orders")).isTrue();
      first.close();
      assertThat(second.take("silver-orders")).isTrue();
    }
  }

  @Test
  void workIsLeftToWhoHasTheTurnWhereItDoesIt() {
    AtomicBoolean done = new AtomicBoolean();
    try (Turns stream = turns()) {
      stream.take("silver-orders");
      List<Boolean> asked = new ArrayList<>();
      Turns.take(
          folder.toString(),
          List.of("silver-orders"),
          () -> {
            throw new AssertionError("not its turn");
          },
          () -> {
            asked.add(done.get());
            return done.getAndSet(true);
          },
          told::add);
      assertThat(asked).containsExactly(false, true);
    }
    assertThat(told)
        .containsExactly(
            "another command keeps silver-orders up to date: waiting for it",
            "silver-orders was brought up to date by another command that is running");
  }

  @Test
  void workIsDoneWhereTheTurnIsFreeOrBecomesFree() {
    Turns stream = turns();
    stream.take("silver-orders");
    List<String> work = new ArrayList<>();
    Turns.take(
        folder.toString(),
        List.of("silver-orders", "gold-orders"),
        () -> work.add("done"),
        () -> {
          stream.close();
          return false;
        },
        told::add);

    assertThat(work).containsExactly("done");
    try (Turns next = turns()) {
      assertThat(next.take("silver-orders")).isTrue();
    }
  }

  @Test
  void anObjectStoreKeepsNoTurns() {
    try (Turns first = Turns.of("s3a://bucket/lake");
        Turns second = Turns.of("s3a://bucket/lake")) {
      assertThat(first.take("silver-orders")).isTrue();
      assertThat(second.take("silver-orders")).isTrue();
    }
  }
}

package io.medallion.jobs.lakehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterLockTest {
  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();

  private WriterLock writerLock() {
    return WriterLock.of(folder.toString());
  }

  @Test
  void aTurnIsOnesUntilItIsGivenBack() {
    try (WriterLock first = writerLock();
        WriterLock second = writerLock()) {
      assertThat(first.take("silver-orders")).isTrue();
      assertThat(second.take("silver-orders")).isFalse();
      assertThat(second.take("gold-orders")).isTrue();
      first.close();
      assertThat(second.take("silver-orders")).isTrue();
    }
  }

  @Test
  void asASecondTimeInOneProcessDoesNotGiveUpTheLock() throws Exception {
    try (WriterLock first = writerLock();
        WriterLock second = writerLock()) {
      assertThat(first.take("gold-sales")).isTrue();
      assertThat(second.take("gold-sales")).isFalse();

      // Another process, by flock(1)'s sibling for POSIX locks.
      Process other =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import fcntl,sys; f=open(sys.argv[1],'r+'); "
                      + "fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)",
                  folder.resolve("_turns/gold-sales").toString())
              .redirectErrorStream(true)
              .start();
      assertThat(other.waitFor()).isNotZero();
      assertThat(new String(other.getInputStream().readAllBytes(), UTF_8))
          .contains("BlockingIOError");
    }
  }

  @Test
  void workIsLeftToWhoHasTheTurnWhereItDoesIt() {
    AtomicBoolean done = new AtomicBoolean();
    try (WriterLock stream = writerLock()) {
      stream.take("silver-orders");
      List<Boolean> asked = new ArrayList<>();
      WriterLock.take(
          folder.toString(),
          List.of("silver-orders"),
          () -> {
            throw new AssertionError("the lock is not its own");
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
    WriterLock stream = writerLock();
    stream.take("silver-orders");
    List<String> work = new ArrayList<>();
    WriterLock.take(
        folder.toString(),
        List.of("silver-orders", "gold-orders"),
        () -> work.add("done"),
        () -> {
          stream.close();
          return false;
        },
        told::add);

    assertThat(work).containsExactly("done");
    try (WriterLock next = writerLock()) {
      assertThat(next.take("silver-orders")).isTrue();
    }
  }

  @Test
  void anObjectStoreHasNoLocks() {
    try (WriterLock first = WriterLock.of("s3a://bucket/lake");
        WriterLock second = WriterLock.of("s3a://bucket/lake")) {
      assertThat(first.take("silver-orders")).isTrue();
      assertThat(second.take("silver-orders")).isTrue();
    }
  }
}

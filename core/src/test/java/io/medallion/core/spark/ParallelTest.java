package io.medallion.core.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private final SparkSession spark = LocalSession.shared();
  private final AtomicInteger done = new AtomicInteger();

  private final Parallel.Work sound = new Parallel.Work("sound", done::incrementAndGet);

  @Test
  void doesAllOfTheWorkInTheSession() {
    Parallel.Work inSession =
        new Parallel.Work(
            "session",
            () -> {
              assertThat(SparkSession.active()).isSameAs(spark);
              done.incrementAndGet();
            });

    Parallel.run(spark, 2, List.of(sound, inSession, sound));

    assertThat(done).hasValue(3);
  }

  @Test
  void namesThePieceThatFailedAfterAllHaveEnded() {
    Parallel.Work broken =
        new Parallel.Work(
            "gold.dim_product",
            () -> {
              throw new IOException("the disk is full");
            });

    assertThatThrownBy(() -> Parallel.run(spark, 1, List.of(broken, sound)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("gold.dim_product failed: the disk is full")
        .hasCauseInstanceOf(IOException.class);
    assertThat(done).hasValue(1);
  }

  @Test
  void throwsTheFirstUncheckedExceptionItselfAndKeepsTheOthers() {
    RuntimeException first = new IllegalArgumentException("first");
    Parallel.Work one =
        new Parallel.Work(
            "one",
            () -> {
              throw first;
            });
    Parallel.Work other =
        new Parallel.Work(
            "other",
            () -> {
              throw new IOException("second");
            });

    assertThatThrownBy(() -> Parallel.run(spark, 2, List.of(one, other)))
        .isSameAs(first)
        .satisfies(
            failure -> assertThat(failure.getSuppressed()[0]).hasMessage("other failed: second"));
  }
}

package io.medallion.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
  private static final Retry THREE = new Retry(3, Duration.ZERO);

  private static String failing(AtomicInteger calls, int failures, String state, int code) {
    if (calls.incrementAndGet() <= failures) {
      throw new LakeException("refused", "see", new SQLException("why", state, code));
    }
    return "done";
  }

  @ParameterizedTest
  @CsvSource({"08001,390112", "57014,625", "XX000,603", "08006,0", "08001,200001", "58030,200015"})
  void whatPassesIsTriedAgain(String state, int code) {
    AtomicInteger calls = new AtomicInteger();

    assertThat(THREE.run(() -> failing(calls, 2, state, code))).isEqualTo("done");

    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({"08001,390100", "08001,390144", "42P18,100090", "42S02,2003"})
  void whatStaysIsNot(String state, int code) {
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() -> THREE.run(() -> failing(calls, 1, state, code)))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("refused");

    assertThat(calls).hasValue(1);
  }

  @Test
  void itEndsAtSomeTime() {
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() -> THREE.run(() -> failing(calls, 9, "08001", 390112)))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("refused");

    assertThat(calls).hasValue(3);
  }
}

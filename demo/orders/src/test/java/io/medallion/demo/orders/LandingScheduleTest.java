package io.medallion.demo.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.demo.orders.LandingSchedule.Late;
import io.medallion.demo.orders.LandingSchedule.Regular;
import io.medallion.demo.orders.LandingSchedule.ScheduledFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingScheduleTest {
  @ParameterizedTest
  @ValueSource(longs = {100, 101, 4_000, 1_600_000, 20_000_000})
  void eachOrderHasItsPlaceAndEachLateFileFollowsItsOrders(long orders) {
    List<ScheduledFile> schedule = LandingSchedule.of(GeneratorOptions.of(orders, Path.of("out")));

    assertThat(schedule).extracting(ScheduledFile::path).isSorted().doesNotHaveDuplicates();
    long next = 0;
    List<Regular> waiting = new ArrayList<>();
    for (ScheduledFile scheduled : schedule) {
      if (scheduled instanceof Regular regular) {
        assertThat(regular.from()).isEqualTo(next);
        assertThat(regular.to() - regular.from()).isGreaterThanOrEqualTo(12);
        next = regular.to();
        waiting.add(regular);
      } else if (scheduled instanceof Late late) {
        assertThat(late.of()).isEqualTo(waiting);
        waiting.clear();
      }
    }
    assertThat(next).isEqualTo(orders);
    assertThat(waiting).isEmpty();
  }

  @Test
  void filesOfLargeGenerationsStayBelowAHundredThousandLinesOnAverage() {
    GeneratorOptions options = GeneratorOptions.of(20_000_000, Path.of("out")).withFaultRate(0.5);

    for (ScheduledFile scheduled : LandingSchedule.of(options)) {
      if (scheduled instanceof Regular regular) {
        assertThat((regular.to() - regular.from()) * 2.5 * 2 * 1.045).isLessThan(90_000);
      }
    }
  }
}

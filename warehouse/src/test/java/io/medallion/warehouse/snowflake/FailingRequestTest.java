package io.medallion.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.LakeException;
import io.medallion.testkit.snowflake.Faults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads of which one request goes wrong, each in its turn. Every {@value #DEFAULT_STEP}rd request
 * is tried; {@code -Dmedallion.everyRequest=1} tries them all.
 */
@Tag("slow")
class FailingRequestTest extends TwoTables {
  private static final String DEFAULT_STEP = "3";
  private static final int STEP =
      Integer.parseInt(System.getProperty("medallion.everyRequest", DEFAULT_STEP));

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "LOSE_SESSION"})
  void aLoadOfWhichOneRequestFailsIsDoneWholeOrNotAtAll(Faults.Kind kind) {
    SnowflakeWarehouse warehouse =
        new SnowflakeWarehouse(settings(), new Retry(3, Duration.ofMillis(5)));
    warehouse.apply(first());
    int version = 0;
    int refused = 0;
    // Not always the same remainder, so that two kinds see different requests.
    for (int n = 1 + kind.ordinal() % STEP; ; n += STEP) {
      server.faults().atRequest(n, kind);
      try {
        warehouse.apply(increment(version + 1));
      } catch (LakeException e) {
        refused++;
      } catch (RuntimeException e) {
        // The connector's own exception, where a request of its own fails for good.
        assertThat(e).as("request " + n).hasStackTraceContaining("nowflake");
        refused++;
      }
      boolean happened = server.faults().requests() >= n;
      server.faults().clear();
      int held = version();
      assertThat(held).as("request " + n).isIn(version, version + 1);
      holds(held);
      if (held == version) {
        warehouse.apply(increment(version + 1));
      }
      version++;
      holds(version);
      if (!happened) {
        break;
      }
    }
    assertThat(version).isGreaterThan(5);
    assertThat(query("SELECT count(*) FROM medallion_loads WHERE from_version IS NOT NULL"))
        .containsExactly(List.of(Integer.toString(2 * version)));
    assertThat(refused).as("loads that were not done at once, of " + version).isLessThan(version);
  }
}

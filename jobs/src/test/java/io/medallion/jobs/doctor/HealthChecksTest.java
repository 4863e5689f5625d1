package io.medallion.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.s3.BucketControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checks make of values that no machine of a test has. */
class HealthChecksTest {
  @TempDir private Path dir;

  @Test
  void valuesBeyondTheirLimitsAreWarningsOrFailures() {
    assertThat(LakeCheck.clocks(Duration.ofMinutes(-20)))
        .isEqualTo(
            new HealthResult.Failed(
                "clock",
                "this machine and the lake's store are 1200 s apart",
                "set the clock by NTP"));
    assertThat(LakeCheck.clocks(Duration.ofSeconds(61))).isInstanceOf(HealthResult.Warning.class);
    assertThat(LakeCheck.clocks(Duration.ofSeconds(59))).isInstanceOf(HealthResult.Ok.class);
    assertThat(DiskCheck.room(dir, 999_999_999L)).isInstanceOf(HealthResult.Failed.class);
    assertThat(DiskCheck.room(dir, 1_000_000_000L)).isInstanceOf(HealthResult.Warning.class);
    assertThat(DiskCheck.room(dir, 10_000_000_000L)).isInstanceOf(HealthResult.Ok.class);
    assertThat(PlatformCheck.java(11, "11.0.1")).isInstanceOf(HealthResult.Warning.class);
    assertThat(PlatformCheck.spark("4.0.0"))
        .isEqualTo(
            new HealthResult.Failed(
                "spark",
                "it is 4.0.0, and Delta Lake here is made for 3.5.x",
                "set SPARK_HOME to a Spark 3.5, or unset it"));
    assertThat(BucketCheck.encryption("e", Optional.empty()))
        .isInstanceOf(HealthResult.Warning.class);
    assertThat(
            BucketCheck.publicAccess(
                "p", new BucketControl.PublicAccessBlock(true, true, true, false)))
        .isInstanceOf(HealthResult.Warning.class);
  }
}

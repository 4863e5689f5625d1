package io.medallion.jobs.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Severity;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.jobs.StreamJob;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamReportTest {
  private final PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
  private final StreamReport report = new StreamReport(new Console(nowhere, nowhere));

  private static GoldSummary.Build build(long violations) {
    CheckResult check =
        new CheckResult(
            "c",
            "unique",
            "gold.t",
            Severity.ERROR,
            violations,
            CheckResult.Scope.ALL,
            Optional.empty());
    return new GoldSummary.Build(
        0,
        0,
        Optional.empty(),
        1,
        List.of(),
        0,
        List.of(check),
        Instant.EPOCH,
        Instant.EPOCH,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  private int exitCode() {
    Arguments arguments =
        Arguments.parse(
            new StreamJob().spec(), new String[] {"--bootstrap-servers", "localhost:9092"});
    return report.end(arguments, "run");
  }

  @Test
  void theBuildOfAnotherStarDoesNotHideABreach() {
    report.add("first", build(3));
    report.add("second", build(0));

    assertThat(exitCode()).isEqualTo(ExitCode.GATE_BREACHED);
  }

  @Test
  void aLaterBuildOfTheSameStarMendsIt() {
    report.add("first", build(3));
    report.add("first", build(0));

    assertThat(exitCode()).isEqualTo(ExitCode.DONE);
  }
}

package io.medallion.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.LandingSummary;
import io.medallion.bronze.Outcome;
import io.medallion.core.manifest.Receipt;
import io.medallion.core.manifest.Rejection;
import io.medallion.core.manifest.SourceFile;
import io.medallion.core.manifest.TextFormat;
import io.medallion.jobs.RunJob;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Outcome REJECTED =
      new Outcome.Rejected(
          new Rejection(
              new Receipt("id", "sales_orders", Instant.EPOCH, 0, "run", "1.0.0"),
              new SourceFile("file:/drop/bad.csv", "sha", 1),
              new TextFormat("", "", ",", List.of()),
              "it is empty",
              List.of()));

  private static int exitCode(Outcome... outcomes) {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    Report report = new Report(new Console(nowhere, nowhere));
    report.add(new LandingSummary("sales_orders", List.of(outcomes), 0, Duration.ZERO));
    return report.end(
        Arguments.parse(new RunJob().spec(), new String[] {"--source", "/drop"}), "run");
  }

  @Test
  void aDeliveryThatWasRefusedIsNotPassedOver() {
    assertThat(exitCode(REJECTED)).isEqualTo(ExitCode.DELIVERY_REFUSED);
    assertThat(exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(exitCode(new Outcome.Repeated("file:/drop/bad.csv", "id", false)))
        .isEqualTo(ExitCode.DONE);
    assertThat(exitCode(REJECTED, new Outcome.Failed("file:/drop/x.csv", "gone")))
        .isEqualTo(ExitCode.FAILED);
  }
}

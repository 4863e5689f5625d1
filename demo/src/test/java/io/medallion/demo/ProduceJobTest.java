package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.testkit.kafka.KafkaBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceJobTest {
  @TempDir private Path dir;
  private String out;
  private String err;

  private int produce(String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int exitCode =
        new ProduceJob()
            .run(
                words,
                new Console(
                    new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                    new PrintStream(errBytes, true, StandardCharsets.UTF_8)));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }

  @Test
  void equalOptionsTellTheSameTruth() throws Exception {
    List<String> truths = new ArrayList<>();
    for (String truth : List.of("a", "b")) {
      try (KafkaBroker broker = KafkaBroker.start(dir.resolve("broker-" + truth))) {
        int exitCode =
            produce(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--count",
                "500",
                "--rate",
                "0",
                "--faults",
                "0.1",
                "--start",
                "2025-01-01T00:00:00Z",
                "--partitions",
                "2",
                "--truth",
                dir.resolve(truth).toString());
        assertThat(exitCode).as(err).isEqualTo(ExitCode.DONE);
        assertThat(out)
            .contains(
                "500 events (", ", 50 of them broken, sent to 2 partitions of sales_orders in ")
            .contains("same events  --seed 1 --start 2025-01-01T00:00:00Z\n");
      }
      StringBuilder all = new StringBuilder();
      for (String file :
          List.of("fates.csv", "quarantine.csv", "sales_orders.csv", "fact_sales.csv")) {
        all.append(Files.readString(dir.resolve(truth).resolve(file)));
      }
      truths.add(all.toString());
    }
    assertThat(truths.get(0)).isEqualTo(truths.get(1)).contains("kafka:sales_orders/1,");
  }

  @Test
  void allMistakesAreToldAtOnceAndNothingIsSent() {
    assertThat(
            produce(
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--count",
                "many",
                "--rate",
                "-1",
                "--start",
                "yesterday",
                "--format",
                "xml",
                "--kafka-option",
                "sasl.jaas.config=hunter2"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err)
        .contains("--count many")
        .contains("--rate -1")
        .contains("--start yesterday")
        .contains("--format xml")
        .contains("--kafka-option sasl.jaas.config")
        .doesNotContain("hunter2");
  }

  @Test
  void truthsOfTwoProductionsDoNotMix() throws Exception {
    Files.writeString(dir.resolve("fates.csv"), "old");

    assertThat(produce("--bootstrap-servers", "127.0.0.1:1", "--truth", dir.toString()))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err)
        .isEqualTo(
            "error: "
                + dir
                + " is not empty, and truths of two productions must not mix\n"
                + "    fix: delete it or name another folder with --truth\n");
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at a broker: without the topic, with it, and when the broker is gone. */
@Tag("slow")
class DoctorOnBrokerTest {
  @TempDir Path dir;

  @Test
  void brokerAndTopicAreLookedAt() {
    String server;
    try (KafkaBroker broker = KafkaBroker.start(dir.resolve("broker"))) {
      server = broker.bootstrapServers();
      CommandRun missing = doctor(server);
      assertThat(missing.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(missing.out())
          .contains("ok       broker " + server + ": it takes connections\n")
          .contains(
              "failed   topic sales_orders: there is no topic sales_orders at "
                  + server
                  + "\n           fix: create the topic, or name another with --topic\n");

      broker.createTopic("sales_orders", 3);
      assertThat(doctor(server).out())
          .contains("ok       topic sales_orders: partitions: 3, events: 0\n");
      assertThat(doctor(server, "--topic", "returns").out())
          .contains("failed   topic returns: there is no topic returns at " + server);
    }
    CommandRun gone = doctor(server);
    assertThat(gone.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(gone.out())
        .contains("failed   broker " + server + ": it takes no connection: ")
        .contains("fix: start it, or correct kafka.bootstrap.servers")
        .doesNotContain("topic sales_orders");
  }

  private CommandRun doctor(String server, String... options) {
    String[] line = new String[options.length + 2];
    line[0] = "--lake";
    line[1] = dir.resolve("lake").toString();
    System.arraycopy(options, 0, line, 2, options.length);
    return CommandRun.of(
        new DoctorJob(), Map.of("MEDALLION_KAFKA_BOOTSTRAP_SERVERS", server), line);
  }
}

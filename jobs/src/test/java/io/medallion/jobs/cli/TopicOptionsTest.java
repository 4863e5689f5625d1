package io.medallion.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.ConfigurationException;
import io.medallion.core.contract.Topic;
import io.medallion.jobs.BronzeJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicOptionsTest {
  private static final Topic ORDERS =
      new Topic("orders", new Topic.Json(), 1, Optional.empty(), Optional.empty());

  @TempDir private Path folder;

  private static Arguments arguments(String... line) {
    return Arguments.parse(new BronzeJob().spec(), line);
  }

  private static TopicSource source(Map<String, String> environment, String... line) {
    return TopicOptions.source(arguments(line), ORDERS, environment::get);
  }

  @Test
  void takesTheContractsTopicAndTheDefaults() {
    assertThat(source(Map.of(), "--bootstrap-servers", "k:9092"))
        .isEqualTo(
            new TopicSource(
                "k:9092",
                "orders",
                Map.of(),
                OptionalLong.of(1_000_000),
                TopicSource.OnDataLoss.FAIL));
  }

  @Test
  void takesOptionsFromTheFileAndThenFromTheLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("client.properties"),
            "security.protocol=SSL\nssl.truststore.password=${env:TRUST}\nclient.id=file\n");

    assertThat(
            source(
                Map.of("TRUST", "a$b\\c", "JAAS", "login"),
                "--bootstrap-servers",
                "k:9092",
                "--topic",
                "other",
                "--on-data-loss",
                "record",
                "--max-offsets-per-trigger",
                "5",
                "--kafka-properties",
                file.toString(),
                "--kafka-option",
                "client.id=line",
                "sasl.jaas.config=x ${env:JAAS};"))
        .isEqualTo(
            new TopicSource(
                "k:9092",
                "other",
                Map.of(
                    "security.protocol",
                    "SSL",
                    "ssl.truststore.password",
                    "a$b\\c",
                    "client.id",
                    "line",
                    "sasl.jaas.config",
                    "x login;"),
                OptionalLong.of(5),
                TopicSource.OnDataLoss.RECORD));
  }

  @Test
  void tellsAllMistakesAtOnceAndNoSecret() {
    assertThatThrownBy(
            () ->
                source(
                    Map.of(),
                    "--on-data-loss",
                    "ignore",
                    "--max-offsets-per-trigger",
                    "0",
                    "--kafka-properties",
                    folder.resolve("none").toString(),
                    "--kafka-option",
                    "ssl.key.password=hunter2",
                    "noequals",
                    "kafka.client.id=x",
                    "group.id=g",
                    "bootstrap.servers=b",
                    "sasl.jaas.config=${env:MISSING}"))
        .isInstanceOf(ConfigurationException.class)
        .extracting(
            e -> ((ConfigurationException) e).mistakes().stream().map(m -> m.place()).toList())
        .isEqualTo(
            new ArrayList<>(
                List.of(
                    "--bootstrap-servers",
                    "--max-offsets-per-trigger 0",
                    "--kafka-properties " + folder.resolve("none"),
                    "--kafka-option ssl.key.password",
                    "--kafka-option noequals",
                    "--kafka-option kafka.client.id",
                    "--kafka-option group.id",
                    "--kafka-option bootstrap.servers",
                    "--kafka-option sasl.jaas.config",
                    "--on-data-loss ignore")));
    assertThatThrownBy(() -> source(Map.of(), "--kafka-option", "ssl.key.password=hunter2"))
        .message()
        .contains("put it into an environment variable and write ssl.key.password=${env:NAME}")
        .doesNotContain("hunter2");
  }

  @Test
  void aSourceNeverPrintsItsOptions() {
    assertThat(source(Map.of(), "--bootstrap-servers", "k:9092", "--kafka-option", "client.id=x"))
        .hasToString("topic orders at k:9092");
  }

  @Test
  void readsTriggersAndDurations() {
    assertThat(TopicOptions.trigger(arguments(), BronzeJob.TRIGGER))
        .isEqualTo(Trigger.AvailableNow());
    assertThat(TopicOptions.trigger(arguments("--trigger", "500ms"), BronzeJob.TRIGGER))
        .isEqualTo(Trigger.ProcessingTime(500));
    assertThat(TopicOptions.trigger(arguments("--trigger", "2m"), BronzeJob.TRIGGER))
        .isEqualTo(Trigger.ProcessingTime(120_000));
    assertThatThrownBy(() -> TopicOptions.trigger(arguments("--trigger", "10"), BronzeJob.TRIGGER))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("--trigger 10: it is no duration\n    fix: once, or such as 10s");
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contracts;
import io.medallion.core.contract.Topic;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.OptionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What the Compose file tells Medallion is what its commands take. */
class StackCommandsTest {
  private static JsonNode services;

  @BeforeAll
  static void read() throws IOException {
    services =
        new ObjectMapper()
            .<JsonNode>valueToTree(
                new Yaml()
                    .load(Files.readString(TestLake.REPOSITORY.resolve("docker-compose.yml"))))
            .get("services");
  }

  @Test
  void theStreamReadsTheTopicThatKafkaMakesAtTheAddressThatKafkaTells() throws IOException {
    List<String> words = words(services.get("stream").get("command"));
    assertThat(words.remove(0)).isEqualTo("stream");
    StreamJob job = new StreamJob();
    Arguments arguments = Arguments.parse(job.spec(), words.toArray(String[]::new));
    Topic topic =
        Contracts.read(TestLake.REPOSITORY.resolve("conf/contracts"))
            .byTable("sales_orders")
            .feed(feed(job))
            .topic()
            .orElseThrow();
    TopicSource source = TopicOptions.source(arguments, topic, Map.<String, String>of()::get);
    assertThat(source.topic())
        .isEqualTo(services.get("kafka").get("environment").get("TOPIC").asText());
    assertThat(
            Files.readString(TestLake.REPOSITORY.resolve("infra/compose/kafka/kafka.properties")))
        .contains("advertised.listeners=PLAINTEXT://" + source.bootstrapServers() + ",");
  }

  private static String feed(StreamJob job) {
    OptionSpec feed =
        job.spec().options().stream()
            .filter(o -> o.name().equals("feed"))
            .findFirst()
            .orElseThrow();
    return feed.defaultValue().orElseThrow();
  }

  @Test
  void prometheusAsksWhereTheStreamServes() throws IOException {
    List<String> words = words(services.get("stream").get("command"));
    String port = words.get(words.indexOf("--metrics-port") + 1);
    assertThat(services.get("stream").get("ports").get(0).asText()).endsWith(":" + port);
    assertThat(services.get("stream").get("healthcheck").get("test").toString())
        .contains("/dev/tcp/127.0.0.1/" + port);
    assertThat(
            Files.readString(
                TestLake.REPOSITORY.resolve("infra/compose/prometheus/prometheus.yml")))
        .contains("targets: [stream:" + port + "]");
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }
}

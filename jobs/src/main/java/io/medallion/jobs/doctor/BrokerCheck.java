package io.medallion.jobs.doctor;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.bronze.topic.TopicSurvey;
import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Feed;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Whether the configured brokers answer, and whether they have the topics of the contracts. */
final class BrokerCheck implements HealthChecks.Check {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final UnaryOperator<String> environment;

  /**
   * @param environment gives a variable's value, or null
   */
  BrokerCheck(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) {
    Optional<String> servers = healthChecks.installation().value(Settings.KAFKA_BOOTSTRAP_SERVERS);
    if (servers.isEmpty()) {
      return List.of();
    }
    List<HealthResult> found = new ArrayList<>();
    for (String server : servers.get().split(",")) {
      found.add(answers(server));
    }
    if (found.stream().anyMatch(d -> d instanceof HealthResult.Ok)) {
      found.addAll(topics(healthChecks, servers.get()));
    }
    return found;
  }

  private static HealthResult answers(String server) {
    int colon = server.lastIndexOf(':');
    String name = "broker " + server;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
          TIMEOUT_MILLIS);
      return new HealthResult.Ok(name, "it takes connections");
    } catch (IOException | IllegalArgumentException e) {
      return new HealthResult.Failed(
          name,
          "it takes no connection: " + HealthResult.line(String.valueOf(e.getMessage())),
          "start it, or correct kafka.bootstrap.servers");
    }
  }

  private List<HealthResult> topics(HealthChecks healthChecks, String servers) {
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, String> client =
        new TreeMap<>(
            TopicOptions.clientOptions(healthChecks.arguments(), environment, mistakes::addAll));
    if (!mistakes.isEmpty()) {
      return HealthResult.of(name(), new ConfigurationException(mistakes));
    }
    client.putIfAbsent("default.api.timeout.ms", String.valueOf(TIMEOUT_MILLIS));
    client.putIfAbsent("request.timeout.ms", String.valueOf(TIMEOUT_MILLIS));
    return names(healthChecks).stream()
        .map(
            topic ->
                topic(
                    new TopicSource(
                        servers, topic, client, OptionalLong.empty(), TopicSource.OnDataLoss.FAIL)))
        .toList();
  }

  /** The topic that is set, else those of the contracts. */
  private static List<String> names(HealthChecks healthChecks) {
    Optional<String> set = healthChecks.installation().value(Settings.KAFKA_TOPIC);
    if (set.isPresent()) {
      return List.of(set.get());
    }
    try {
      return Configuration.read(healthChecks.installation().value(Settings.CONFIG))
          .contracts()
          .all()
          .stream()
          .flatMap(contract -> contract.feeds().stream())
          .map(Feed::topic)
          .flatMap(Optional::stream)
          .map(topic -> topic.name())
          .distinct()
          .sorted()
          .toList();
    } catch (ConfigurationException e) {
      // ContractsCheck reports these mistakes.
      return List.of();
    }
  }

  private static HealthResult topic(TopicSource source) {
    String name = "topic " + source.topic();
    try {
      TopicSurvey survey = TopicSurvey.of(source);
      return new HealthResult.Ok(
          name, "partitions: %d, events: %d".formatted(survey.partitions(), survey.events()));
    } catch (LakeException e) {
      return HealthResult.of(name, e);
    }
  }
}

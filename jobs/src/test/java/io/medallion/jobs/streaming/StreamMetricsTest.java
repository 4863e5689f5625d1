package io.medallion.jobs.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.bronze.topic.EventTimes;
import io.medallion.bronze.topic.TopicBatch;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Severity;
import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.jobs.TestLake;
import io.medallion.silver.SilverSummary;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamMetricsTest {
  private static final Instant BEGIN = Instant.parse("2025-01-01T12:00:00Z");

  private final StreamMetrics metrics = new StreamMetrics("sales_events", 0);

  @AfterEach
  void close() {
    metrics.close();
  }

  private String fetched() throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://localhost:" + metrics.port() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static CheckResult check(Severity severity, long violations) {
    return new CheckResult(
        "c",
        "unique",
        "gold.t",
        severity,
        violations,
        CheckResult.Scope.ALL,
        violations == 0 ? Optional.empty() : Optional.of("[1]"));
  }

  /** Something of every kind. */
  private void observe() {
    metrics.landed(
        new TopicBatch("sales_events", 0, List.of(), List.of(), Optional.empty(), Duration.ZERO));
    metrics.processed(
        new SilverSummary(
            "silver.t",
            "silver",
            0,
            1,
            new FileAccount("total", 10, 4, 1, 2, 3),
            1,
            1,
            Duration.ZERO));
    // Two rows gave way, one came: the table has lost one.
    metrics.processed(
        new SilverSummary(
            "silver.t",
            "silver",
            1,
            1,
            new FileAccount("total", 1, -1, 0, 2, 0),
            1,
            2,
            Duration.ZERO));
    metrics.built(
        "sales",
        new GoldSummary.Build(
            0,
            1,
            Optional.empty(),
            9,
            List.of(),
            0,
            List.of(check(Severity.ERROR, 2), check(Severity.WARN, 0), check(Severity.WARN, 1)),
            Instant.EPOCH,
            Instant.EPOCH,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO));
    metrics.restarted("gold-sales");
    metrics.finished(
        new BatchMetrics(
            "bronze",
            "sales_events",
            "s",
            7,
            BEGIN,
            BEGIN.plusSeconds(2),
            1000,
            Map.of("addBatch", 1500L, "triggerExecution", 2000L),
            new BatchMetrics.Lag(Map.of(0, 5L, 1, 0L), Optional.of(Duration.ofMillis(2500))),
            Optional.of(new EventTimes(BEGIN.minusSeconds(3), BEGIN.minusMillis(500)))));
  }

  @Test
  void tellsOfEveryLayerWhatItsBatchesDid() throws Exception {
    observe();
    assertThat(fetched().lines())
        .contains(
            "medallion_input_records_total{feed=\"sales_events\",layer=\"silver\"} 11.0",
            "medallion_input_records_total{feed=\"sales_events\",layer=\"gold\"} 9.0",
            "medallion_records_total{feed=\"sales_events\",outcome=\"accepted\"} 4.0",
            "medallion_records_total{feed=\"sales_events\",outcome=\"duplicate\"} 1.0",
            "medallion_records_total{feed=\"sales_events\",outcome=\"superseded\"} 4.0",
            "medallion_records_total{feed=\"sales_events\",outcome=\"quarantined\"} 3.0",
            "medallion_unaccounted_records{feed=\"sales_events\"} 0.0",
            "medallion_failed_checks{severity=\"error\",star=\"sales\"} 1.0",
            "medallion_failed_checks{severity=\"warn\",star=\"sales\"} 1.0",
            "medallion_stream_restarts_total{stream=\"gold-sales\"} 1.0",
            "medallion_batches_total{feed=\"sales_events\",layer=\"bronze\"} 1.0",
            "medallion_lag_records{feed=\"sales_events\",partition=\"0\"} 5.0",
            "medallion_lag_records{feed=\"sales_events\",partition=\"1\"} 0.0",
            "medallion_lag_seconds{feed=\"sales_events\",layer=\"bronze\"} 2.5",
            "medallion_latency_seconds{layer=\"bronze\"} 5.0",
            "medallion_shortest_latency_seconds{layer=\"bronze\"} 2.5",
            "medallion_batch_duration_seconds{layer=\"bronze\",phase=\"addBatch\"} 1.5",
            "medallion_batch_records_per_second{layer=\"bronze\"} 500.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"} "));
  }

  @Test
  void aPortThatIsTakenIsAMistakeOfTheUser() {
    assertThatThrownBy(() -> new StreamMetrics("sales_events", metrics.port()))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("port " + metrics.port() + " cannot be listened on: ")
        .hasMessageEndingWith("name a free one with --metrics-port");
  }

  static Stream<Path> whoAsks() {
    Path compose = TestLake.REPOSITORY.resolve("infra/compose");
    return Stream.of(
        compose.resolve("prometheus/alerts.yml"),
        compose.resolve("grafana/dashboards/medallion.json"),
        TestLake.REPOSITORY.resolve("docs/how-to/watch-a-stream.md"));
  }

  @ParameterizedTest
  @MethodSource("whoAsks")
  void everyMetricAndLabelThatIsAskedForIsThere(Path file) throws Exception {
    observe();
    String served = fetched();
    Set<String> names =
        found("(?m)^(medallion_[a-z_]+)\\{", served).collect(Collectors.toCollection(TreeSet::new));
    String asked = Files.readString(file).replace("\\\"", "\"");
    Set<String> labels =
        found("[{,]([a-z]+)=", served).collect(Collectors.toCollection(TreeSet::new));
    labels.add("job"); // Prometheus' own

    assertThat(found("\\b(medallion_[a-z_]+)", asked)).isNotEmpty().allMatch(names::contains);
    assertThat(
            Stream.of(
                    "by \\(([a-z, ]+)\\)",
                    "\\$labels\\.([a-z]+)",
                    "[a-z]\\{([a-z]+)=",
                    "\\{\\{([a-z]+)}}")
                .flatMap(pattern -> found(pattern, asked))
                .flatMap(list -> Stream.of(list.split(", "))))
        .isNotEmpty()
        .allMatch(labels::contains);
  }

  private static Stream<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(result -> result.group(1));
  }
}

package io.medallion.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.bronze.LandingSummary;
import io.medallion.bronze.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Console console =
      new Console(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

  private enum Kind {
    FILES_ONLY
  }

  private record Everything(
      int rowsAfter,
      Duration drainTime,
      Optional<Duration> lag,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Duration> latency,
      Optional<String> note,
      Kind kind,
      Instant finishedAt) {}

  @Test
  void keysAreInSnakeCaseAndDurationsInMilliseconds() {
    console.json(
        new Everything(
            1,
            Duration.ofMillis(1500),
            Optional.of(Duration.ofSeconds(2)),
            Optional.of(Duration.ZERO),
            Optional.of("n"),
            Kind.FILES_ONLY,
            Instant.parse("2026-01-02T03:04:05Z")));

    assertThat(said())
        .isEqualTo(
            "{'rows_after':1,'drain_time_ms':1500,'lag_ms':2000,'latency_ms':0,'note':'n',"
                    .replace('\'', '"')
                + "\"kind\":\"files_only\",\"finished_at\":\"2026-01-02T03:04:05Z\"}\n");
  }

  @Test
  void whatIsAbsentIsLeftOutOrNull() {
    console.json(
        new Everything(
            1,
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Kind.FILES_ONLY,
            Instant.EPOCH));

    assertThat(said())
        .startsWith("{\"rows_after\":1,\"drain_time_ms\":0,\"latency_ms\":null,\"kind\":");
  }

  @Test
  void quotesAndControlCharactersOfFileNamesAreEscaped() throws Exception {
    String name = "file:/drop/a\"b\\c\n\t\u0001\u001f.csv";
    Report report = new Report(console);
    report.add(
        new LandingSummary(
            "sales_orders",
            List.of(new Outcome.Deferred(name, "it was \"written\"\r\n"), failed(name)),
            3,
            Duration.ofMillis(12)));

    report.end(Arguments.parse(SPEC, new String[] {"--json"}), "run-\u0007");

    assertThat(said().chars().filter(c -> c < ' ')).containsExactly((int) '\n');
    JsonNode json = new ObjectMapper().readTree(said());
    assertThat(json.get("run_id").asText()).isEqualTo("run-\u0007");
    assertThat(json.get("exit_code").asInt()).isEqualTo(ExitCode.FAILED);
    JsonNode landing = json.get("bronze").get(0);
    assertThat(landing.get("files_deferred").get(0).get("source").asText()).isEqualTo(name);
    assertThat(landing.get("files_deferred").get(0).get("reason").asText())
        .isEqualTo("it was \"written\"\r\n");
    assertThat(landing.get("files_failed").get(0).get("source").asText()).isEqualTo(name);
    assertThat(landing.get("duration_ms").asInt()).isEqualTo(12);
    assertThat(new ObjectMapper().convertValue(json, Map.class).keySet().toString())
        .isEqualTo("[run_id, exit_code, bronze, silver, gold, s3_requests, warehouse]");
  }

  private static final CommandSpec SPEC = CommandSpec.of("run", "Run.", List.of(), List.of());

  private static Outcome failed(String name) {
    return new Outcome.Failed(name, "no such file");
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }
}

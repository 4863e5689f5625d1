package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Runs Prometheus as the Compose file does, and asks it every question of the dashboard. */
class PrometheusTest {
  private static final Path FOLDER = Compose.ROOT.resolve("infra/compose/prometheus");
  private static final Path GRAFANA = Compose.ROOT.resolve("infra/compose/grafana");

  @TempDir private Path scratch;

  @Test
  void theConfigurationIsValid() throws Exception {
    assume("promtool");
    Program.Ended ended =
        Program.run(FOLDER, Map.of(), List.of("promtool", "check", "config", "prometheus.yml"));
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(alerts().size() + " rules found");
  }

  @Test
  void alertsFireWhenTheyShould() throws Exception {
    assume("promtool");
    Program.Ended ended =
        Program.run(FOLDER, Map.of(), List.of("promtool", "test", "rules", "alerts_test.yml"));
    assertThat(ended.output()).contains("SUCCESS");
    assertThat(ended.code()).isZero();
  }

  @Test
  void aPlantedMistakeIsCaught() throws Exception {
    assume("promtool");
    Files.copy(FOLDER.resolve("alerts.yml"), scratch.resolve("alerts.yml"));
    Files.writeString(
        scratch.resolve("prometheus.yml"),
        Files.readString(FOLDER.resolve("prometheus.yml")).replace("targets:", "tragets:"));
    Program.Ended ended =
        Program.run(scratch, Map.of(), List.of("promtool", "check", "config", "prometheus.yml"));
    assertThat(ended.output()).contains("field tragets not found");
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  void prometheusStartsAndAnswersTheDashboardsQuestions() throws Exception {
    assume("prometheus");
    Compose compose = Compose.read();
    String address = "127.0.0.1:" + Server.freePort();
    List<String> command = new ArrayList<>(List.of("prometheus"));
    for (String word : compose.texts("prometheus", "command")) {
      command.add(
          word.replace("=/etc/prometheus/", "=" + FOLDER + "/")
              .replace("=/prometheus", "=" + scratch.resolve("data")));
    }
    command.add("--web.listen-address=" + address);
    String health =
        compose
            .service("prometheus")
            .get("healthcheck")
            .get("test")
            .get(4)
            .asText()
            .replace("localhost:9090", address);
    String api = "http://" + address + "/api/v1/";
    try (Server prometheus = Server.start(scratch, Map.of(), command)) {
      prometheus.await(health, answer -> answer.statusCode() == 200);
      prometheus.await("http://" + address + "/-/ready", answer -> answer.statusCode() == 200);
      prometheus.await(
          api + "targets", answer -> answer.body().contains("http://stream:9464/metrics"));
      assertThat(
              new ObjectMapper()
                  .readTree(Server.get(api + "rules?type=alert").body())
                  .findValuesAsText("name"))
          .containsAll(alerts());
      for (String question : questions()) {
        String url = api + "query?query=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
        assertThat(Server.get(url).body()).as(question).startsWith("{\"status\":\"success\"");
      }
    }
  }

  @Test
  void theDashboardAsksTheDataSourceThatIsProvisioned() throws Exception {
    JsonNode source =
        new ObjectMapper()
            .<JsonNode>valueToTree(
                new Yaml()
                    .load(
                        Files.readString(
                            GRAFANA.resolve("provisioning/datasources/prometheus.yml"))))
            .get("datasources")
            .get(0);
    assertThat(source.get("url").asText()).isEqualTo("http://prometheus:9090");
    assertThat(dashboard().get("panels")).isNotEmpty();
    for (JsonNode panel : dashboard().get("panels")) {
      assertThat(panel.get("datasource").get("uid")).isEqualTo(source.get("uid"));
      assertThat(panel.get("targets")).as(panel.get("title").asText()).isNotEmpty();
    }
    assertThat(dashboard().get("panels").findValuesAsText("id")).doesNotHaveDuplicates();
  }

  @Test
  void theDashboardIsWhereGrafanaLooks() throws Exception {
    JsonNode provider =
        new ObjectMapper()
            .<JsonNode>valueToTree(
                new Yaml()
                    .load(
                        Files.readString(GRAFANA.resolve("provisioning/dashboards/medallion.yml"))))
            .get("providers")
            .get(0);
    String path = provider.get("options").get("path").asText();
    assertThat(Compose.read().texts("grafana", "volumes"))
        .contains(
            "./infra/compose/grafana/dashboards:" + path + ":ro",
            "./infra/compose/grafana/provisioning:/etc/grafana/provisioning:ro");
    assertThat(
            Compose.read()
                .service("grafana")
                .get("environment")
                .get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                .asText())
        .isEqualTo(path + "/medallion.json");
  }

  /** Alerts ask of nothing that cannot be seen. */
  @Test
  void everyMetricOfAnAlertIsOnTheDashboard() throws Exception {
    TreeSet<String> alerts = new TreeSet<>(metrics(Files.readString(FOLDER.resolve("alerts.yml"))));
    TreeSet<String> shown = new TreeSet<>(metrics(String.join(" ", questions())));
    assertThat(alerts).isNotEmpty();
    assertThat(shown).containsAll(alerts);
  }

  /** Names of the alerts. */
  private static List<String> alerts() throws Exception {
    List<String> alerts =
        Pattern.compile("- alert: (\\w+)")
            .matcher(Files.readString(FOLDER.resolve("alerts.yml")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(alerts).isNotEmpty();
    return alerts;
  }

  private static List<String> metrics(String text) {
    return Pattern.compile("medallion_[a-z_]+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static JsonNode dashboard() throws Exception {
    return new ObjectMapper().readTree(GRAFANA.resolve("dashboards/medallion.json").toFile());
  }

  private static List<String> questions() throws Exception {
    List<String> questions = dashboard().get("panels").findValuesAsText("expr");
    assertThat(questions).hasSizeGreaterThan(9);
    return questions;
  }

  private static void assume(String program) {
    assumeTrue(
        Program.find(program).isPresent(),
        "skipped: there is no " + program + " on the PATH (Debian's package prometheus has it)");
  }
}

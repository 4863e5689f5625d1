package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJobTest {
  @TempDir Path dir;

  private CommandRun config(Map<String, String> environment, String... line) {
    return CommandRun.of(new ConfigJob(), environment, line);
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }

  private Path profileWithSecrets() throws IOException {
    return file(
        "p.yaml",
        """
        lake: s3a://b/lake
        s3.access.key: ${env:KEY}
        s3.secret.key: ${env:SECRET}
        spark.hadoop.fs.s3a.bucket.other.secret.key: ${env:SECRET}
        spark.sql.shuffle.partitions: 64
        """);
  }

  @Test
  void showPrintsEveryValueWithItsSource() throws IOException {
    Path profile = profileWithSecrets();
    CommandRun run =
        config(
            Map.of("KEY", "AKIA1", "SECRET", "hunter2", "MEDALLION_FEED", "items"),
            "show",
            "--profile",
            profile.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .contains(
            "lake | profile " + profile + ":1:1 | s3a://b/lake",
            "feed | environment MEDALLION_FEED | items",
            "star | default | (not set)",
            "s3.access.key | profile " + profile + ":2:1 | ****",
            "s3.secret.key | profile " + profile + ":3:1 | ****",
            "spark.hadoop.fs.s3a.secret.key | profile " + profile + ":3:1 | ****",
            "spark.hadoop.fs.s3a.bucket.other.secret.key | profile " + profile + ":4:1 | ****",
            "spark.sql.shuffle.partitions | profile " + profile + ":5:1 | 64",
            "spark.sql.session.timeZone | default | UTC",
            "spark.hadoop.fs.s3a.attempts.maximum | default | 10");
    assertThat(run.out()).doesNotContain("spark.submit.").doesNotContain("spark.app.");
    assertThat(run.out() + run.err()).doesNotContain("hunter2").doesNotContain("AKIA1");
  }

  @Test
  void showAsJsonMasksAsWell() throws IOException {
    CommandRun run =
        config(
            Map.of("KEY", "AKIA1", "SECRET", "hunter2"),
            "show",
            "--json",
            "--profile",
            profileWithSecrets().toString());
    assertThat(run.out()).doesNotContain("hunter2").doesNotContain("AKIA1");
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("settings")).hasSize(Settings.ALL.size());
    JsonNode lake =
        StreamSupport.stream(json.get("settings").spliterator(), false)
            .filter(s -> s.get("key").asText().equals("lake"))
            .findFirst()
            .orElseThrow();
    assertThat(lake.get("value").asText()).isEqualTo("s3a://b/lake");
    assertThat(lake.get("origin").asText()).isEqualTo("profile");
    assertThat(lake.get("place").asText()).endsWith("p.yaml:1:1");
  }

  @Test
  void unknownActionSuggestsTheNearest() {
    CommandRun run = config(Map.of(), "shwo");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "error: medallion config shwo: there is no such action\n    fix: write `show`\n");
  }

  private static final String OUTPUTS =
      """
      {
        "profile": {"sensitive": false, "type": ["map", "string"], "value": {
          "kafka.bootstrap.servers": "b-1.example:9098",
          "lake": "s3a://bucket/lake",
          "s3.kms.key": "arn:aws:kms:eu-central-1:1:key/k",
          "s3.region": "eu-central-1",
          "snowflake.database": "MEDALLION_DEV",
          "snowflake.load.schema": "LOAD",
          "snowflake.role": "MEDALLION_DEV_LOADER",
          "snowflake.schema": "GOLD",
          "snowflake.url": "org-account.snowflakecomputing.com",
          "snowflake.user": "MEDALLION_DEV_LOADER",
          "snowflake.warehouse": "MEDALLION_DEV_WH"
        }},
        "role_arns": {"sensitive": false, "type": "string", "value": {"bronze": "arn"}}
      }
      """;

  @Test
  void importMakesAProfileThatCanBeChosen() throws IOException {
    Path outputs = file("outputs.json", OUTPUTS);
    Path profile = dir.resolve("profiles/dev.yaml");
    for (int again = 0; again < 2; again++) {
      assertThat(
              config(Map.of(), "import", outputs.toString(), "--out", profile.toString())
                  .exitCode())
          .isEqualTo(ExitCode.DONE);
    }
    CommandRun run = config(Map.of(), "show", "--profile", profile.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .contains(
            "lake | profile " + profile + ":3:1 | s3a://bucket/lake",
            "snowflake.load.schema | profile " + profile + ":7:1 | LOAD",
            "spark.hadoop.fs.s3a.encryption.algorithm | profile " + profile + ":4:1 | SSE-KMS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void terraformsProfileHoldsSettingsOnly(String environment) throws IOException {
    String outputs =
        Files.readString(
            TestLake.REPOSITORY.resolve("infra/terraform/envs/" + environment + "/outputs.tf"));
    String profile =
        outputs.substring(outputs.indexOf("output \"profile\""), outputs.indexOf("\n}\n"));
    List<String> keys =
        Pattern.compile("\"([a-z0-9.]+)\" +=")
            .matcher(profile)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(keys).hasSizeGreaterThan(10).contains("lake", "kafka.bootstrap.servers");
    assertThat(keys).allSatisfy(key -> assertThat(Settings.ofKey(key)).as(key).isPresent());
  }

  @Test
  void importReadsTheOneOutputByItselfToo() throws IOException {
    Path output =
        file("profile.json", "{\"lake\": \"s3a://b/lake\", \"s3.region\": \"eu-west-1\"}");
    CommandRun run = config(Map.of(), "import", output.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).endsWith("\nlake: \"s3a://b/lake\"\ns3.region: \"eu-west-1\"\n");
  }

  @Test
  void importPrintsWhereNoFileIsNamed() throws IOException {
    CommandRun run = config(Map.of(), "import", file("outputs.json", OUTPUTS).toString());
    assertThat(run.out()).startsWith("# Written by").contains("\ns3.region: \"eu-central-1\"\n");
  }

  @Test
  void importNeverReplacesWhatSomebodyWrote() throws IOException {
    Path outputs = file("outputs.json", OUTPUTS);
    Path mine = file("mine.yaml", "lake: mine\n");
    CommandRun run = config(Map.of(), "import", outputs.toString(), "--out", mine.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("the file is there, and was not written by an import");
    assertThat(mine).hasContent("lake: mine\n");
  }

  @Test
  void importTellsAllMistakes() throws IOException {
    Path outputs =
        file(
            "o.json",
            """
            {"profile": {"value": {"lakee": "x", "s3.secret.key": "hunter2", "metrics.port": "many",
             "lake": ["a"], "star": null}}}
            """);
    CommandRun run = config(Map.of(), "import", outputs.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err().replace(outputs.toString(), "o.json"))
        .isEqualTo(
            """
            error: o.json, output profile, lakee: there is no such setting
                fix: write `lake`, or remove it
            o.json, output profile, s3.secret.key: it is a secret, which neither an output nor a profile may hold
                fix: remove it from the output; set MEDALLION_S3_SECRET_KEY where jobs run
            o.json, output profile, metrics.port: 'many' is no whole number
                fix: write a number from 0 to 65535
            o.json, output profile, lake: it is not one value
                fix: make it one text
            """);
  }

  @Test
  void importOfSomethingElseSaysWhatItShouldBe() throws IOException {
    Path other = file("other.json", "{\"vpc\": {\"value\": \"v\"}}");
    assertThat(config(Map.of(), "import", other.toString()).err())
        .contains("there is no output `profile` that is a map; the outputs are [vpc]")
        .contains("run terraform output -json");
    assertThat(config(Map.of(), "import", file("empty.json", "").toString()).err())
        .contains("empty.json: it is empty\n    fix: give what terraform output -json prints");
    Path text = file("text.json", "lake = x");
    assertThat(config(Map.of(), "import", text.toString()).err())
        .contains("text.json:1: this is not JSON");
    assertThat(config(Map.of(), "import", dir.resolve("none").toString()).err())
        .contains("there is no such file");
  }
}

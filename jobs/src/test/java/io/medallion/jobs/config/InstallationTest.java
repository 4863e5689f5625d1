package io.medallion.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.jobs.QuarantineJob;
import io.medallion.jobs.RunJob;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationTest {
  @TempDir Path dir;

  private final Map<String, String> conf = new HashMap<>();

  @AfterEach
  void forgetTheUsersSettings() {
    System.clearProperty(Installation.USERS_SPARK_SETTINGS);
  }

  private Installation installation(Map<String, String> environment, String... line) {
    return Installation.of(
        Arguments.parse(new RunJob().spec(), line(line))::given, environment, conf);
  }

  private static String[] line(String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--source";
    all[words.length + 1] = "x";
    return all;
  }

  private Path profile(String name, String yaml) throws IOException {
    return Files.writeString(
        Files.createDirectories(dir.resolve("profiles")).resolve(name + ".yaml"), yaml);
  }

  @Test
  void optionOutranksEnvironmentOutranksProfileOutranksDefault() throws IOException {
    Path profile = profile("p", "lake: /by/profile\n");
    Map<String, String> environment = new HashMap<>();
    Installation byDefault = installation(environment);
    assertThat(byDefault.value(Settings.LAKE)).contains("./lake");
    assertThat(byDefault.source(Settings.LAKE)).hasToString("default");

    Installation byProfile = installation(environment, "--profile", profile.toString());
    assertThat(byProfile.value(Settings.LAKE)).contains("/by/profile");
    assertThat(byProfile.source(Settings.LAKE)).hasToString("profile " + profile + ":1:1");

    environment.put("MEDALLION_LAKE", "/by/environment");
    Installation byEnvironment = installation(environment, "--profile", profile.toString());
    assertThat(byEnvironment.value(Settings.LAKE)).contains("/by/environment");
    assertThat(byEnvironment.source(Settings.LAKE)).hasToString("environment MEDALLION_LAKE");

    Installation byOption =
        installation(environment, "--profile", profile.toString(), "--lake", "/by/option");
    assertThat(byOption.value(Settings.LAKE)).contains("/by/option");
    assertThat(byOption.source(Settings.LAKE)).hasToString("option --lake");
  }

  @Test
  void commandsReadTheirOptionsThroughTheInstallation() {
    Arguments parsed = Arguments.parse(new RunJob().spec(), line("--star", "a"));
    Arguments arguments =
        parsed.within(
            Installation.of(
                parsed::given, Map.of("MEDALLION_STAR", "b", "MEDALLION_FEED", "items"), conf));
    assertThat(arguments.text(CommandSpec.STAR)).isEqualTo("a");
    assertThat(arguments.text(CommandSpec.FEED)).isEqualTo("items");
    assertThat(arguments.text(CommandSpec.LAKE)).isEqualTo("./lake");
    assertThat(arguments.maybe(CommandSpec.CONFIG)).isEmpty();
  }

  @Test
  void optionOfTheCommandAloneIsNoSetting() {
    Arguments parsed =
        Arguments.parse(new QuarantineJob().spec(), new String[] {"list", "--feed", "f"});
    Installation installation = Installation.of(parsed::given, Map.of(), conf);
    assertThat(installation.value(Settings.FEED)).contains("sales_orders");
  }

  @Test
  void environmentChoosesTheProfileAndTheOptionOutranksIt() throws IOException {
    profile("one", "feed: first\n");
    profile("two", "feed: second\n");
    Map<String, String> environment =
        Map.of("MEDALLION_PROFILE", "one", "MEDALLION_CONFIG", dir.toString());
    assertThat(installation(environment).value(Settings.FEED)).contains("first");
    assertThat(installation(environment, "--profile", "two").value(Settings.FEED))
        .contains("second");
  }

  @Test
  void sparksSettingsFollowTheSameOrder() throws IOException {
    String key = "spark.hadoop.fs.s3a.endpoint.region";
    Path profile =
        profile("s", "s3: {region: eu-west-1}\nspark.sql.shuffle.partitions: 64\nspark.x: p\n");
    conf.putAll(Map.of("spark.sql.shuffle.partitions", "8", "spark.x", "user"));
    System.setProperty(Installation.USERS_SPARK_SETTINGS, " spark.x spark.y ");
    String[] line = {"--profile", profile.toString()};
    SparkConf applied = installation(Map.of(), line).applyTo(sparkConf());
    assertThat(applied.get(key)).isEqualTo("eu-west-1");
    assertThat(applied.get("spark.sql.shuffle.partitions")).isEqualTo("64");
    assertThat(applied.get("spark.x")).isEqualTo("user");

    Map<String, String> environment = Map.of("MEDALLION_S3_REGION", "eu-west-2");
    assertThat(installation(environment, line).applyTo(sparkConf()).get(key))
        .isEqualTo("eu-west-2");

    conf.put(key, "eu-west-3");
    System.setProperty(Installation.USERS_SPARK_SETTINGS, key);
    Installation byOption = installation(environment, line);
    assertThat(byOption.applyTo(sparkConf()).get(key)).isEqualTo("eu-west-3");
    assertThat(byOption.value(Settings.S3_REGION)).contains("eu-west-3");
    assertThat(byOption.source(Settings.S3_REGION)).hasToString("option --conf " + key);
  }

  @Test
  void withoutTheLauncherAllOfSparksSettingsAreTheUsers() throws IOException {
    Path profile = profile("s", "spark.sql.shuffle.partitions: 64\n");
    conf.put("spark.sql.shuffle.partitions", "8");
    SparkConf applied =
        installation(Map.of(), "--profile", profile.toString()).applyTo(sparkConf());
    assertThat(applied.get("spark.sql.shuffle.partitions")).isEqualTo("8");
  }

  @Test
  void keyForObjectsTurnsOnItsKindOfEncryption() {
    SparkConf applied =
        installation(Map.of("MEDALLION_S3_KMS_KEY", "arn:aws:kms:eu:1:key/k")).applyTo(sparkConf());
    assertThat(applied.get("spark.hadoop.fs.s3a.encryption.algorithm")).isEqualTo("SSE-KMS");
    assertThat(applied.get("spark.hadoop.fs.s3a.encryption.key"))
        .isEqualTo("arn:aws:kms:eu:1:key/k");
  }

  @Test
  void allMistakesOfAProfileAreToldAtOnceWithPlaceAndFix() throws IOException {
    Path profile =
        profile(
            "bad",
            """
            lake: ./lake
            s3:
              regoin: eu-central-1
              path.style: yes
              secret.key: hunter2
            warehouse.kind: duckbd
            metrics.port: 99999
            star: ${envv:STAR}
            feed: ${env:NOT_SET}
            s3.region: [a, b]
            spark.master: local
            spark.sql.session.timeZone: CET
            """);
    assertThatThrownBy(() -> installation(Map.of(), "--profile", profile.toString()))
        .isInstanceOf(ConfigurationException.class)
        .satisfies(
            e ->
                assertThat(((ConfigurationException) e).mistakes())
                    .extracting(Object::toString)
                    .map(text -> text.replace(profile.toString(), "bad.yaml"))
                    .containsExactlyElementsOf(BAD_PROFILE))
        .hasMessageNotContaining("hunter2");
  }

  private static final List<String> BAD_PROFILE =
      List.of(
          "bad.yaml:3:3: there is no setting `s3.regoin`\n"
              + "    fix: write `s3.region`, or remove it; Spark's settings begin with `spark.`",
          "bad.yaml:4:3: `s3.path.style`: 'yes' is neither true nor false\n"
              + "    fix: write true or false",
          "bad.yaml:5:3: `s3.secret.key` is a secret, and is written out here\n"
              + "    fix: write `s3.secret.key: ${env:NAME}`, and set that variable; withdraw this secret",
          "bad.yaml:6:1: `warehouse.kind`: 'duckbd' is none of duckdb, snowflake, none\n"
              + "    fix: write one of duckdb, snowflake, none",
          "bad.yaml:7:1: `metrics.port`: '99999' is not between 0 and 65535\n"
              + "    fix: write a number from 0 to 65535",
          "bad.yaml:10:1: `s3.region` must be one value, but is a list\n"
              + "    fix: write one value after the colon, or remove the key",
          "bad.yaml:11:1: `spark.master` says how Spark starts, and a profile is read after that\n"
              + "    fix: give it as an option: ./medallion help lists Spark's",
          "bad.yaml:12:1: Medallion itself sets `spark.sql.session.timeZone`\n    fix: remove it",
          "bad.yaml:9:1: the environment variable NOT_SET is not set\n"
              + "    fix: set it, or set the key by its own variable or option",
          "bad.yaml:8:1: there is no reference `${envv:STAR}`\n"
              + "    fix: refer to an environment variable, as ${env:NAME}");

  @Test
  void referenceThatAnOptionOutranksNeedNotBeSet() throws IOException {
    Path profile = profile("p", "lake: s3a://${env:NOT_SET}/lake\n");
    assertThat(
            installation(Map.of(), "--profile", profile.toString(), "--lake", "l")
                .value(Settings.LAKE))
        .contains("l");
    assertThat(
            installation(Map.of("NOT_SET", "b"), "--profile", profile.toString())
                .value(Settings.LAKE))
        .contains("s3a://b/lake");
  }

  @Test
  void unknownVariableAndUnknownProfileSuggestTheNearest() {
    assertThatThrownBy(
            () -> installation(Map.of("MEDALLION_LAEK", "x", "MEDALLION_PROFILE", "awss")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "environment variable MEDALLION_LAEK: there is no such setting\n"
                + "    fix: write `MEDALLION_LAKE`, or unset it\n"
                + "MEDALLION_PROFILE awss: there is no profile of that name\n"
                + "    fix: write `aws`, or name a file that ends in .yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MEDALLION_CLASS_ARCHIVE",
        "MEDALLION_SERVICE_HOST",
        "MEDALLION_PORT_9464_TCP_ADDR",
        "MEDALLION_METRICS_SERVICE_PORT"
      })
  void variablesOfOthersAreLeftAlone(String name) {
    assertThat(installation(Map.of(name, "x")).all()).hasSize(Settings.ALL.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "aws", "test"})
  void shippedProfilesAreRight(String name) {
    Map<String, String> environment = Map.of("LAKE_BUCKET", "b", "AWS_REGION", "eu-central-1");
    assertThat(installation(environment, "--profile", name).source(Settings.LAKE).level())
        .isEqualTo(SettingSource.Level.PROFILE);
  }

  private SparkConf sparkConf() {
    SparkConf spark = new SparkConf(false);
    conf.forEach(spark::set);
    return spark;
  }
}

package io.medallion.jobs.infrastructure;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be said of docker-compose.yml without a Docker engine. */
class ComposeTest {
  /** A variable: name, and the rest up to the brace. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)([^}]*)}");

  private static Compose compose;

  @BeforeAll
  static void read() throws IOException {
    compose = Compose.read();
  }

  @Test
  void theFileIsValidByTheComposeSpecification() throws IOException {
    assertThat(mistakes(compose)).isEmpty();
  }

  static Stream<List<String>> plantedMistakes() {
    return Stream.of(
        List.of("healthcheck:", "healthchek:", "healthchek"),
        List.of("cap_drop: [ALL]", "cap_drop: ALL", "cap_drop"),
        List.of("condition: service_healthy", "condition: service_is_well", "condition"),
        List.of("restart: unless-stopped", "restart: [always]", "restart"));
  }

  @ParameterizedTest
  @MethodSource("plantedMistakes")
  void aPlantedMistakeIsCaught(List<String> planted) throws IOException {
    String text = compose.text();
    int at = text.indexOf(planted.get(0));
    assertThat(at).isPositive();
    String with =
        text.substring(0, at) + planted.get(1) + text.substring(at + planted.get(0).length());
    assertThat(mistakes(Compose.parse(with))).anyMatch(mistake -> mistake.contains(planted.get(2)));
  }

  private static Set<String> mistakes(Compose file) throws IOException {
    try (InputStream schema =
        ComposeTest.class.getResourceAsStream("/compose-spec/compose-spec.json")) {
      JsonSchema compiled =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
              .getSchema(
                  SchemaLocation.of("https://compose-spec.io/"),
                  new ObjectMapper().readTree(schema));
      return compiled.validate(file.tree()).stream()
          .map(ValidationMessage::getMessage)
          .collect(toSet());
    }
  }

  @Test
  void twoProfilesAndACommand() {
    assertThat(namesByProfile())
        .isEqualTo(
            Map.of(
                "core", Set.of("kafka", "s3", "spark-master", "spark-worker", "stream"),
                "observe", Set.of("kafka-ui", "prometheus", "grafana"),
                "command", Set.of("medallion")));
  }

  private static Map<String, Set<String>> namesByProfile() {
    return compose.services().entrySet().stream()
        .collect(
            Collectors.groupingBy(
                service -> service.getValue().get("profiles").get(0).asText(),
                Collectors.mapping(Map.Entry::getKey, toSet())));
  }

  @Test
  void everyImageIsPinnedToAFullVersion() {
    compose
        .services()
        .forEach(
            (name, service) ->
                assertThat(service.get("image").asText())
                    .as(name)
                    .matches("[a-z0-9./-]+:v?\\d+\\.\\d+\\.\\d+[a-z0-9.-]*"));
  }

  @Test
  void sparksImageIsTheSparkThatIsBuiltWith() throws IOException {
    Matcher version =
        Pattern.compile("<spark.version>(.*)</spark.version>")
            .matcher(Files.readString(Compose.ROOT.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    for (String name : List.of("spark-master", "spark-worker")) {
      assertThat(compose.service(name).get("image").asText())
          .isEqualTo("apache/spark:" + version.group(1) + "-scala2.12-java17-ubuntu");
    }
  }

  @Test
  void whateverRunsOnIsWatchedAndReachedFromThisMachineOnly() {
    compose
        .services()
        .forEach(
            (name, service) -> {
              if (!name.equals("medallion")) {
                assertThat(service.path("healthcheck").path("test")).as(name).isNotEmpty();
              }
              assertThat(Compose.texts(service.path("ports")))
                  .as(name)
                  .allMatch(port -> port.startsWith("127.0.0.1:"));
              assertThat(Compose.texts(service.path("security_opt")))
                  .as(name)
                  .containsExactly("no-new-privileges:true");
              assertThat(service.has("privileged")).as(name).isFalse();
            });
  }

  @Test
  void noTwoServicesTakeTheSamePort() {
    assertThat(
            compose.services().values().stream()
                .flatMap(service -> Compose.texts(service.path("ports")))
                .map(port -> port.split(":")[1]))
        .doesNotHaveDuplicates();
  }

  @Test
  void everySecretIsAskedOfTheEnvironmentAndNoneIsInAFile() throws IOException {
    Set<String> required =
        VARIABLE
            .matcher(compose.text())
            .results()
            .filter(variable -> variable.group(2).startsWith(":?"))
            .map(variable -> variable.group(1))
            .collect(toSet());
    assertThat(required)
        .containsExactlyInAnyOrder("S3_ACCESS_KEY", "S3_SECRET_KEY", "GRAFANA_PASSWORD");
    compose
        .services()
        .forEach(
            (name, service) ->
                service
                    .path("environment")
                    .properties()
                    .forEach(
                        variable -> {
                          if (variable.getKey().matches(".*(KEY|PASSWORD|SECRET|TOKEN).*")) {
                            assertThat(variable.getValue().asText())
                                .as("%s of %s", variable.getKey(), name)
                                .matches("\\$\\{[A-Z0-9_]+:\\?[^}]+}");
                          }
                        }));
    List<String> example = Files.readAllLines(Compose.ROOT.resolve(".env.example"));
    assertThat(example.stream().filter(line -> line.matches("[A-Z0-9_]+=.*")))
        .containsExactlyInAnyOrderElementsOf(required.stream().map(name -> name + "=").toList());
    assertThat(Files.readAllLines(Compose.ROOT.resolve(".gitignore"))).contains(".env");
  }

  @Test
  void everyMountedFileIsThere() {
    compose
        .services()
        .forEach(
            (name, service) ->
                Compose.texts(service.path("volumes"))
                    .filter(volume -> volume.startsWith("./"))
                    .map(volume -> Path.of(volume.split(":")[0]))
                    .forEach(path -> assertThat(Compose.ROOT.resolve(path)).as(name).isReadable()));
  }

  @Test
  void whatAServiceWaitsForHasAHealthCheckAndStartsWithIt() {
    compose
        .services()
        .forEach(
            (name, service) ->
                service
                    .path("depends_on")
                    .properties()
                    .forEach(
                        other -> {
                          JsonNode waited = compose.service(other.getKey());
                          assertThat(waited.path("healthcheck")).as(other.getKey()).isNotEmpty();
                          if (!name.equals("medallion")) {
                            assertThat(waited.get("profiles")).isEqualTo(service.get("profiles"));
                          }
                        }));
  }

  @Test
  void medallionsImageIsOfThisVersion() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>medallion</artifactId>\\s*<version>(.*)</version>")
            .matcher(Files.readString(Compose.ROOT.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(compose.service("medallion").get("image").asText())
        .isEqualTo("medallion:" + version.group(1));
  }

  /** An application that takes all cores lets no other begin. */
  @Test
  void theStreamLeavesTheWorkerRoomForACommand() throws IOException {
    Properties settings = new Properties();
    try (Reader file =
        Files.newBufferedReader(Compose.ROOT.resolve("infra/compose/spark/spark.properties"))) {
      settings.load(file);
    }
    List<String> worker = compose.texts("spark-worker", "command");
    int cores = Integer.parseInt(worker.get(worker.indexOf("--cores") + 1));
    assertThat(2 * Integer.parseInt(settings.getProperty("spark.cores.max")))
        .isLessThanOrEqualTo(cores);
    assertThat(settings.getProperty("spark.master")).isEqualTo(worker.get(worker.size() - 1));
  }

  @Test
  void theTopicThatIsMadeIsTheOneThatIsWaitedFor() {
    assertThat(Compose.texts(compose.service("kafka").get("healthcheck").get("test")))
        .last()
        .isEqualTo(compose.service("kafka").get("environment").get("TOPIC").asText());
  }
}

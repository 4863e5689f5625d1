package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PutObjectRequest;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the programs of the Compose file without Docker: the same scripts, mounted files and
 * arguments, with the same programs from their published jars.
 */
@Tag("slow")
class StackTest {
  private static final Path INFRA = Compose.ROOT.resolve("infra/compose");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  /** 512 MB is much for these, and four JVMs run. */
  private static final String SMALL = "-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  @TempDir private Path scratch;

  @Test
  void s3KeepsItsKeysToItselfAndHonoursConditionalPuts() throws Exception {
    String jars = jars("s3proxy-");
    Files.createDirectory(scratch.resolve("data"));
    int port = Server.freePort();
    String s3 = "http://127.0.0.1:" + port;
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("PATH", path()),
            Map.entry("CLASSPATH", jars),
            Map.entry("JAVA_TOOL_OPTIONS", SMALL),
            Map.entry("S3_JAVA_OPTIONS", quietLog() + " org.gaul.s3proxy.Main"),
            Map.entry(
                "S3_BUCKETS",
                Compose.read().service("s3").get("environment").get("S3_BUCKETS").asText()),
            Map.entry("S3_DATA", scratch.resolve("data").toString()),
            Map.entry("S3_PROPERTIES", scratch.resolve("s3.properties").toString()),
            Map.entry("S3_LISTEN", "127.0.0.1:" + port),
            Map.entry("S3_ACCESS_KEY", "the-access-key"),
            Map.entry("S3_SECRET_KEY", "the-secret-key"));
    List<String> command = List.of("/bin/bash", INFRA.resolve("s3/start.sh").toString());
    try (Server server = Server.start(scratch, environment, command)) {
      server.awaitPort(port);
      assertThat(server.commandLine()).contains("org.gaul.s3proxy.Main").doesNotContain("-key");
      assertThat(Files.getPosixFilePermissions(scratch.resolve("s3.properties")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      String key = "the-secret-key";
      assertThat(put(s3, "lake", "a", key)).isEqualTo(200);
      assertThat(put(s3, "lake", "a", key)).isEqualTo(412);
      assertThat(Server.get(s3 + "/lake/a").statusCode()).isEqualTo(403);
      assertThat(Server.get(s3 + "/lake").statusCode()).isEqualTo(403);
      assertThat(put(s3, "drop", "a", key)).isEqualTo(200);
      assertThat(status(s3, "another", client -> client.listObjects("lake"))).isEqualTo(403);
      assertThat(status(s3, key, client -> client.listObjects("nowhere"))).isEqualTo(404);
    }
  }

  @Test
  void s3DoesNotStartWithoutAKey() throws Exception {
    Program.Ended ended =
        Program.run(
            scratch,
            Map.of(
                "S3_BUCKETS",
                "lake",
                "S3_DATA",
                scratch.toString(),
                "S3_PROPERTIES",
                scratch.resolve("s3.properties").toString(),
                "S3_ACCESS_KEY",
                ""),
            List.of("/bin/bash", INFRA.resolve("s3/start.sh").toString()));
    assertThat(ended.output()).endsWith("S3_ACCESS_KEY: the access key\n");
    assertThat(ended.code()).isNotZero();
  }

  /** The image's jar brings a configuration of its log; the bare one logs all that it does. */
  private String quietLog() throws IOException {
    Path file = scratch.resolve("logback.xml");
    Files.writeString(
        file,
        """
        <configuration>
          <appender name="e" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%level %msg%n</pattern></encoder>
          </appender>
          <root level="warn"><appender-ref ref="e"/></root>
        </configuration>
        """);
    return "-Dlogback.configurationFile=" + file;
  }

  /** Puts an object that must not be there yet; returns the answer's status. */
  private static int put(String s3, String bucket, String key, String secretKey) {
    byte[] text = "text".getBytes(StandardCharsets.UTF_8);
    ObjectMetadata metadata = new ObjectMetadata();
    metadata.setContentLength(text.length);
    PutObjectRequest request =
        new PutObjectRequest(bucket, key, new ByteArrayInputStream(text), metadata);
    request.putCustomRequestHeader("If-None-Match", "*");
    return status(s3, secretKey, client -> client.putObject(request));
  }

  private static int status(String s3, String secretKey, Consumer<AmazonS3> asks) {
    AmazonS3 client =
        AmazonS3ClientBuilder.standard()
            .withEndpointConfiguration(new AwsClientBuilder.EndpointConfiguration(s3, "us-east-1"))
            .withPathStyleAccessEnabled(true)
            .withCredentials(
                new AWSStaticCredentialsProvider(
                    new BasicAWSCredentials("the-access-key", secretKey)))
            .build();
    try {
      asks.accept(client);
      return 200;
    } catch (AmazonServiceException e) {
      return e.getStatusCode();
    } finally {
      client.shutdown();
    }
  }

  @Test
  void kafkaStartsAndStartsAgainOnWhatItWrote() throws Exception {
    String jars = jars("kafka_2.1");
    Path bin = Files.createDirectories(scratch.resolve("kafka/bin"));
    Map<String, String> programs =
        Map.of(
            "kafka-storage.sh", "kafka.tools.StorageTool",
            "kafka-server-start.sh", "kafka.Kafka",
            "kafka-topics.sh", "org.apache.kafka.tools.TopicCommand");
    for (Map.Entry<String, String> program : programs.entrySet()) {
      Path script = bin.resolve(program.getKey());
      // What the distribution's scripts do, less its folders.
      Files.writeString(
          script, "#!/bin/sh\nexec '%s' %s %s \"$@\"\n".formatted(JAVA, SMALL, program.getValue()));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    int inside = Server.freePort();
    int controller = Server.freePort();
    int outside = Server.freePort();
    Path properties = scratch.resolve("kafka.properties");
    Files.writeString(
        properties,
        Files.readString(INFRA.resolve("kafka/kafka.properties"))
            .replace("PLAINTEXT://:9092", "PLAINTEXT://127.0.0.1:" + inside)
            .replace("PLAINTEXT://kafka:9092", "PLAINTEXT://127.0.0.1:" + inside)
            .replace("localhost:9093", "127.0.0.1:" + controller)
            .replace("HOST://:9094", "HOST://127.0.0.1:" + outside)
            .replace("HOST://localhost:9094", "HOST://127.0.0.1:" + outside)
            .replace("/var/lib/kafka/data", scratch.resolve("data").toString()));
    Map<String, String> environment =
        Map.of(
            "CLASSPATH",
            jars,
            "KAFKA_HOME",
            scratch.resolve("kafka").toString(),
            "KAFKA_PROPERTIES",
            properties.toString(),
            "KAFKA_ADDRESS",
            "127.0.0.1:" + inside,
            "TOPIC",
            "sales_orders");
    List<String> health = new ArrayList<>();
    Compose.texts(Compose.read().service("kafka").get("healthcheck").get("test"))
        .skip(1)
        .map(word -> word.replace("/opt/kafka/bin", bin.toString()))
        .map(word -> word.replace("localhost:9092", "127.0.0.1:" + inside))
        .forEach(health::add);
    List<String> command = List.of("/bin/bash", INFRA.resolve("kafka/start.sh").toString());
    for (String attempt : List.of("first", "second")) {
      try (Server server = Server.start(scratch, environment, command)) {
        server.awaitPort(inside);
        // As Compose asks again and again, until the topic is there.
        Program.Ended ended = Program.run(scratch, Map.of("CLASSPATH", jars), health);
        for (int i = 0; i < 8 && ended.code() != 0; i++) {
          ended = Program.run(scratch, Map.of("CLASSPATH", jars), health);
        }
        assertThat(ended.code()).as("%s: %s", attempt, ended.output()).isZero();
        assertThat(ended.output())
            .contains("Topic: sales_orders", "PartitionCount: 3", "ReplicationFactor: 1");
      }
    }
  }

  @Test
  void sparksMasterAndWorkerFindEachOther() throws Exception {
    String master = "" + Server.freePort();
    String masterPage = "" + Server.freePort();
    String workerPage = "" + Server.freePort();
    Map<String, String> environment =
        Map.of(
            "SPARK_LOCAL_IP", "127.0.0.1",
            "SPARK_HOME", scratch.toString(),
            "SPARK_SCALA_VERSION", "2.12");
    try (Server first =
        spark(
            "spark-master",
            environment,
            Map.of("spark-master", "127.0.0.1", "7077", master, "8080", masterPage))) {
      String page = "http://127.0.0.1:" + masterPage + "/json/";
      first.await(page, answer -> answer.body().contains("\"aliveworkers\" : 0"));
      try (Server second =
          spark(
              "spark-worker",
              environment,
              Map.of(
                  "spark://spark-master:7077",
                  "spark://127.0.0.1:" + master,
                  "8081",
                  workerPage))) {
        String seen =
            second.await(page, answer -> answer.body().contains("\"aliveworkers\" : 1")).body();
        assertThat(seen).contains("\"cores\" : 4", "\"memory\" : 4096");
        second.await(
            "http://127.0.0.1:" + workerPage + "/json/", answer -> answer.statusCode() == 200);
      }
    }
  }

  /** A service's own command, with its words replaced that name places of the stack. */
  private Server spark(String service, Map<String, String> environment, Map<String, String> here)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(SMALL.split(" ")));
    command.addAll(List.of(moduleFlags().split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    List<String> words = Compose.read().texts(service, "command");
    assertThat(words).first().isEqualTo("/opt/spark/bin/spark-class");
    words.stream().skip(1).map(word -> here.getOrDefault(word, word)).forEach(command::add);
    return Server.start(scratch, environment, command);
  }

  private static String moduleFlags() {
    return org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions();
  }

  private static String path() {
    return Path.of(JAVA).getParent() + File.pathSeparator + System.getenv("PATH");
  }

  /** The folder of jars that the test kit gathered for a server, as a class path. */
  private static String jars(String prefix) throws IOException {
    Optional<Path> jar;
    try (Stream<Path> files =
        Files.find(
            Compose.ROOT.resolve("testkit"),
            4,
            (path, attributes) ->
                path.getParent().endsWith("target/jars")
                    && path.getFileName().toString().startsWith(prefix))) {
      jar = files.findFirst();
    }
    assumeTrue(jar.isPresent(), "skipped: no jars of " + prefix + "* are in testkit/*/target/jars");
    return jar.get().getParent() + "/*";
  }
}

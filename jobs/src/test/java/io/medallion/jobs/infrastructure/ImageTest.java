package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lays out the image's folder from a project that looks built, as the Dockerfile does, and starts
 * what is in it with a {@code java} that prints its arguments.
 */
class ImageTest {
  @TempDir private Path scratch;
  private Path image;
  private Path java;

  @BeforeEach
  void assemble() throws Exception {
    Path project = Files.createDirectories(scratch.resolve("src"));
    for (String file :
        List.of(
            "medallion",
            "pom.xml",
            "conf/spark-defaults.conf",
            "conf/log4j2.properties",
            "jobs/src/main/launcher/build.bash",
            "infra/image/assemble")) {
      Files.createDirectories(project.resolve(file).getParent());
      Files.copy(Compose.ROOT.resolve(file), project.resolve(file));
    }
    write(project.resolve("repository/spark.jar"), "spark");
    Path home = Files.createDirectories(project.resolve(".medallion/spark-home/jars"));
    Files.createSymbolicLink(home.resolve("spark.jar"), project.resolve("repository/spark.jar"));
    Path conf = Files.createDirectories(project.resolve(".medallion/spark-home/conf"));
    Files.createSymbolicLink(
        conf.resolve("spark-defaults.conf"), Path.of("../../../conf/spark-defaults.conf"));
    write(project.resolve(".medallion/built"), "");
    write(project.resolve("mvnw"), "exit 1");
    write(project.resolve("core/target/core.jar"), "core");
    write(project.resolve("core/target/core-tests.jar"), "tests");
    write(project.resolve("jobs/target/jobs.jar"), "jobs");
    write(project.resolve("jobs/target/medallion.jar"), "all");
    image = scratch.resolve("opt");
    Program.Ended ended =
        Program.run(project, Map.of(), List.of("infra/image/assemble", image.toString()));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.code()).isZero();
    Program.run(scratch, Map.of(), List.of("rm", "-r", project.toString()));

    java = write(scratch.resolve("jdk/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void theImageHoldsWhatRunsAndNothingThatBuilds() throws Exception {
    try (Stream<Path> files = Files.walk(image)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> image.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "medallion",
              "pom.xml",
              "conf/spark-defaults.conf",
              "conf/log4j2.properties",
              "jobs/src/main/launcher/build.bash",
              "jobs/target/jobs.jar",
              "jobs/target/medallion.jar",
              "core/target/core.jar",
              ".medallion/spark-home/jars/spark.jar",
              ".medallion/spark-home/conf/spark-defaults.conf");
    }
    assertThat(image.resolve(".medallion/spark-home/jars/spark.jar")).hasContent("spark");
  }

  /** Maven stops where one is missing, whatever is to be built. */
  @Test
  void theBuildInTheImageGetsEveryModule() throws Exception {
    List<String> sent =
        Files.readAllLines(Compose.ROOT.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> modules =
        Pattern.compile("<module>([^</]+)")
            .matcher(Files.readString(Compose.ROOT.resolve("pom.xml")))
            .results()
            .map(module -> module.group(1).split("/")[0])
            .toList();
    assertThat(modules).contains("jobs");
    assertThat(sent).containsAll(modules);
  }

  @Test
  void aProjectThatIsNotBuiltIsRefused() throws Exception {
    Path project = scratch.resolve("unbuilt/infra/image");
    Files.createDirectories(project);
    Files.copy(Compose.ROOT.resolve("infra/image/assemble"), project.resolve("assemble"));
    Program.Ended ended =
        Program.run(project, Map.of(), List.of("./assemble", scratch.resolve("new").toString()));
    assertThat(ended.output())
        .contains("unbuilt is not built. Run ./medallion plan --help there first.");
    assertThat(ended.code()).isEqualTo(2);
  }

  @Test
  void theImagesEntryPointRunsWithoutBuilding() throws Exception {
    List<String> dockerfile = Files.readAllLines(Compose.ROOT.resolve("Dockerfile"));
    assertThat(dockerfile).contains("ENTRYPOINT [\"/opt/medallion/medallion\"]");
    Program.Ended ended = run(List.of("plan", "--source", "/drop"));
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("io.medallion.jobs.PlanJob", "--add-opens");
  }

  /** With the Compose file's own entry point and its mounted settings. */
  @Test
  void composesEntryPointSendsTheApplicationToTheCluster() throws Exception {
    Compose compose = Compose.read();
    List<String> words = new ArrayList<>();
    compose.texts("medallion", "entrypoint").stream()
        .skip(1)
        .map(
            word ->
                word.replace(
                    "/etc/medallion/spark.properties",
                    Compose.ROOT.resolve("infra/compose/spark/spark.properties").toString()))
        .forEach(words::add);
    words.addAll(compose.texts("stream", "command"));
    Program.Ended ended = run(words);
    assertThat(ended.code()).as(ended.output()).isZero();
    List<String> lines = ended.output().lines().toList();
    assertThat(lines)
        .contains(
            "-Xmx1g",
            "io.medallion.jobs.cli.Launch",
            "io.medallion.jobs.StreamJob",
            "--properties-file",
            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            image + "/jobs/target/medallion.jar",
            "kafka:9092",
            "s3a://lake/medallion")
        .noneMatch(line -> line.startsWith("spark.driver.memory=2g"))
        .noneMatch(line -> line.startsWith("spark.master=local"));
    assertThat(compose.texts("medallion", "volumes"))
        .contains("./infra/compose/spark/spark.properties:/etc/medallion/spark.properties:ro");
  }

  private Program.Ended run(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(image.resolve("medallion").toString()));
    command.addAll(arguments);
    return Program.run(
        scratch,
        Map.of(
            "JAVA_HOME", java.getParent().getParent().toString(), "MEDALLION_CLASS_ARCHIVE", "off"),
        command);
  }
}

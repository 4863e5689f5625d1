package io.medallion.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SparkSubmit's arguments, as a command that runs without SparkSubmit reads them. */
class LaunchTest {
  @TempDir private Path dir;

  private static Launch.Submission of(Map<String, String> environment, String... arguments) {
    return Launch.Submission.of(arguments, environment);
  }

  @Test
  void whatComesAfterTheResourceIsTheCommands() {
    Launch.Submission submission =
        of(
            Map.of(),
            "--driver-memory",
            "3g",
            "--class",
            "io.medallion.jobs.SqlJob",
            "spark-internal",
            "SELECT 1",
            "--class",
            "x");
    assertThat(submission.mainClass()).isEqualTo("io.medallion.jobs.SqlJob");
    assertThat(submission.line()).containsExactly("SELECT 1", "--class", "x");
    assertThat(submission.settings()).isEmpty();
  }

  @Test
  void confOutranksThePropertiesFileAndThatTheHomes() throws IOException {
    Files.writeString(dir.resolve("spark-defaults.conf"), "spark.a home\nspark.b  home \n");
    Path own = Files.writeString(dir.resolve("own.conf"), "spark.a=own\nspark.c : own");
    Map<String, String> home = Map.of("SPARK_CONF_DIR", dir.toString());

    assertThat(of(home, "--class", "C", "spark-internal").settings())
        .isEqualTo(Map.of("spark.a", "home", "spark.b", "home"));
    assertThat(
            of(
                    home,
                    "--properties-file",
                    own.toString(),
                    "--conf",
                    "spark.a=first",
                    "--conf",
                    "spark.a=conf",
                    "--master",
                    "local[1]",
                    "--conf",
                    "spark.master=local[9]",
                    "--conf",
                    "spark.d=x=y",
                    "--class",
                    "C",
                    "spark-internal")
                .settings())
        .isEqualTo(
            Map.of(
                "spark.a", "conf", "spark.c", "own", "spark.d", "x=y", "spark.master", "local[1]"));
  }

  @Test
  void theJarThatIsSubmittedGoesToTheExecutors() {
    assertThat(
            of(Map.of(), "--jars", "a.jar", "--master", "spark://h:7077", "--class", "C", "m.jar")
                .settings())
        .isEqualTo(Map.of("spark.jars", "a.jar,m.jar", "spark.master", "spark://h:7077"));
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.ClassesTraining;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What real processes load: commands that only look no Spark session, mistakes nothing of Spark.
 */
class LoadedClassesTest {
  private static final Path LAKES =
      TestLake.REPOSITORY.resolve("jobs/src/test/resources/lakes/0.1.0-36a52a0.zip");

  @TempDir private Path dir;

  private record Ended(int code, String out, String err, List<String> classes) {}

  @Test
  void commandsThatOnlyLookLoadNoSparkSession() throws Exception {
    unpack();

    Ended all =
        java(
            ClassesTraining.class,
            "look",
            dir.resolve("lake").toString(),
            dir.resolve("increment").toString());

    assertThat(all.code()).as(all.err()).isEqualTo(ExitCode.DONE);
    assertThat(all.classes())
        .contains("io.medallion.jobs.inspect.LakeStatus")
        .contains("io.medallion.jobs.inspect.Reconciliation")
        .contains("io.medallion.jobs.inspect.Trace")
        .contains("io.medallion.jobs.inspect.Quarantined")
        .contains("io.medallion.silver.LocalPreview")
        .doesNotContain("org.apache.spark.sql.SparkSession");
  }

  @Test
  void theLauncherRunsThemWithoutSparkSubmit() throws Exception {
    unpack();
    Ended status =
        java(
            Launch.class,
            "--conf",
            "spark.master=local[*]",
            "--class",
            StatusJob.class.getName(),
            "spark-internal",
            "--lake",
            dir.resolve("lake").toString(),
            "--config",
            dir.resolve("conf").toString());

    assertThat(status.code()).as(status.err()).isEqualTo(ExitCode.DONE);
    assertThat(status.out()).contains("silver.sales_orders").contains("product_has_one_name");
    assertThat(status.classes())
        .contains("io.delta.kernel.defaults.engine.DefaultEngine")
        .doesNotContain("org.apache.spark.deploy.SparkSubmit");
  }

  @ParameterizedTest
  @CsvSource({
    "RunJob, --help, 0, medallion run [options]",
    "SqlJob, --hlep, 2, error: medallion sql: Unknown option --hlep",
    "SilverJob, --profile=/no/such.yaml, 2, there is no such file",
    "StatusJob, --help, 0, medallion status [options]"
  })
  void helpAndMistakesLoadNothingOfSpark(String job, String word, int code, String said)
      throws Exception {
    Ended ended = java(Launch.class, "--class", "io.medallion.jobs." + job, "spark-internal", word);

    assertThat(ended.out() + ended.err()).contains(said);
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.classes()).isNotEmpty().noneMatch(name -> name.startsWith("org.apache.spark"));
  }

  private Ended java(Class<?> main, String... arguments) throws IOException, InterruptedException {
    Path log = dir.resolve("classes.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log,
                "-Dlog4j2.configurationFile="
                    + TestLake.REPOSITORY.resolve("conf/log4j2.properties").toUri(),
                "-Dmedallion.root=" + TestLake.REPOSITORY,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    List<String> classes =
        Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
            .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").replaceFirst(" .*", ""))
            .toList();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err), classes);
  }

  private void unpack() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(LAKES))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = dir.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
  }
}

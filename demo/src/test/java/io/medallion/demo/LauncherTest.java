package io.medallion.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the launcher on a project that looks built, in a path with a space, with a {@code java} that
 * prints its arguments and ends with a given code: what is started, and how, shows without a JVM.
 */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("medallion.root"));

  @TempDir private Path scratch;
  private Path project;
  private Path javaHome;

  private record Ended(int code, List<String> out, String err) {
    /** The value that follows an option on the JVM's command line. */
    String after(String option) {
      assertThat(out).contains(option);
      return out.get(out.indexOf(option) + 1);
    }
  }

  @BeforeEach
  void layOutABuiltProject() throws IOException {
    project = Files.createDirectories(scratch.resolve("a project"));
    Files.copy(ROOT.resolve("medallion"), project.resolve("medallion"));
    Files.createDirectories(project.resolve("conf"));
    for (String file :
        List.of(
            "conf/spark-defaults.conf",
            "conf/log4j2.properties",
            "jobs/src/main/launcher/build.bash")) {
      Files.createDirectories(project.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), project.resolve(file));
    }
    Files.createDirectories(project.resolve(".mvn"));
    Files.writeString(project.resolve("pom.xml"), "");
    Files.createDirectories(project.resolve("jobs/src/main/java"));
    Files.writeString(project.resolve("jobs/pom.xml"), "");
    Files.createDirectories(project.resolve("jobs/target"));
    Files.writeString(project.resolve("jobs/target/medallion.jar"), "");
    Files.createDirectories(project.resolve("demo/orders/src/main"));
    Files.writeString(project.resolve("demo/orders/pom.xml"), "");
    Files.createDirectories(project.resolve("demo/target"));
    Files.writeString(project.resolve("demo/target/medallion-demo.jar"), "");
    Files.createDirectories(project.resolve(".medallion/spark-home/jars"));
    Files.writeString(project.resolve(".medallion/spark-home/jars/spark.jar"), "");
    Files.writeString(project.resolve(".medallion/built"), "");
    script(project.resolve("mvnw"), "echo \"mvnw $*\"; exit 1");
    javaHome = Files.createDirectories(scratch.resolve("jdk/bin")).getParent();
    script(javaHome.resolve("bin/java"), "printf '%s\\n' \"$@\"; exit ${JAVA_ENDS_WITH:-0}");
  }

  @Test
  void helpListsEveryCommandAndStartsNoJvm() throws Exception {
    for (List<String> arguments : List.of(List.<String>of(), List.of("help"), List.of("--help"))) {
      Ended ended = launch(Map.of("JAVA_ENDS_WITH", "9"), arguments);
      assertThat(ended.code()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out()).contains("usage: ./medallion [Spark options] COMMAND [options]");
      assertThat(ended.out()).anyMatch(line -> line.startsWith("  bronze "));
      assertThat(ended.out()).anyMatch(line -> line.startsWith("  test "));
    }
  }

  @Test
  void commandsOfTheHelpAreTheMainClasses() throws Exception {
    TreeSet<String> classes = new TreeSet<>();
    for (String command : commands()) {
      classes.add(
          Stream.of(command.split("-"))
              .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
              .collect(Collectors.joining("", "", "Job.java")));
    }
    assertThat(TestLake.mainClasses().stream().map(name -> name + ".java"))
        .containsExactlyInAnyOrderElementsOf(classes);
  }

  private List<String> commands() throws Exception {
    return launch(Map.of(), List.of("help")).out().stream()
        .dropWhile(line -> !line.startsWith("Commands"))
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.strip().replaceFirst(" .*", ""))
        .filter(command -> !command.equals("test"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "sliver,silver",
    "gould,gold",
    "reconsile,reconcile",
    "tset,test",
    "quarantines,quarantine"
  })
  void unknownCommandNamesTheNearestAndStartsNoJvm(String typed, String nearest) throws Exception {
    Ended ended = launch(Map.of(), List.of(typed, "--lake", "x"));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .isEqualTo(
            "medallion: there is no command '%s'. Did you mean '%s'? './medallion help' lists all commands.\n"
                .formatted(typed, nearest));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 137})
  void commandsExitCodeIsTheLaunchers(int code) throws Exception {
    assertThat(launch(Map.of("JAVA_ENDS_WITH", "" + code), List.of("silver")).code())
        .isEqualTo(code);
  }

  @Test
  void sparkOptionsGoToSparkFromEitherSideAndTheRestToTheCommand() throws Exception {
    Ended ended =
        launch(
            Map.of(),
            List.of(
                "--master",
                "local[1]",
                "sql",
                "SELECT 'a b', \"$c\" * 2",
                "--conf",
                "spark.x=a b",
                "--format",
                "csv",
                "--driver-memory=3g"));
    int submit = ended.out().indexOf("io.medallion.jobs.cli.Launch");
    assertThat(ended.out().subList(submit + 1, ended.out().size()))
        .containsExactly(
            "--master",
            "local[1]",
            "--conf",
            "spark.x=a b",
            "--driver-memory",
            "3g",
            "--class",
            "io.medallion.jobs.SqlJob",
            "spark-internal",
            "SELECT 'a b', \"$c\" * 2",
            "--format",
            "csv");
    assertThat(ended.out().subList(0, submit)).contains("-Xmx3g", "-Duser.timezone=UTC");
  }

  @Test
  void afterTwoDashesAllBelongsToTheCommand() throws Exception {
    Ended ended = launch(Map.of(), List.of("sql", "--", "--master", "x"));
    assertThat(ended.out())
        .endsWith("--class", "io.medallion.jobs.SqlJob", "spark-internal", "--master", "x");
  }

  @ParameterizedTest
  @CsvSource({
    "status,yes",
    "reconcile --json,yes",
    "quarantine list,yes",
    "quarantine replay,no",
    "check --star sales,yes",
    "check --full,no",
    "trace --order-id A-1,yes",
    "plan --source x,no",
    "sql --on warehouse q,yes",
    "sql q,no",
    "gold,no"
  })
  void commandsThatOnlyLookRunInASmallJvm(String line, String small) throws Exception {
    List<String> words = List.of(line.split(" "));
    List<String> flags = launch(Map.of(), words).out();
    if (small.equals("yes")) {
      assertThat(flags).contains("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
      List<String> larger = new ArrayList<>(List.of("--driver-memory", "3g"));
      larger.addAll(words);
      assertThat(launch(Map.of(), larger).out()).contains("-Xmx3g").doesNotContain("-Xmx1g");
    } else {
      assertThat(flags).contains("-Xmx2g", "-XX:+UseParallelGC").doesNotContain("-XX:+UseSerialGC");
    }
  }

  @ParameterizedTest
  @CsvSource({"2g,2g", "2gb,2g", "1500m,1500m", "2048,2048m", "3G,3G"})
  void driverMemoryInSparksNotationBecomesTheHeap(String memory, String heap) throws Exception {
    assertThat(launch(Map.of(), List.of("gold", "--conf", "spark.driver.memory=" + memory)).out())
        .contains("-Xmx" + heap);
  }

  @ParameterizedTest
  @ValueSource(strings = {"much", "2x", "g", "-1g", "2.5g", "2gg"})
  void driverMemoryThatIsNoSizeIsRefused(String memory) throws Exception {
    Ended ended = launch(Map.of(), List.of("gold", "--driver-memory", memory));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            "medallion: driver memory '%s' is no size. Write it like 2g or 1500m.\n"
                .formatted(memory));
  }

  @Test
  void settingsOfThePropertiesFileOutrankTheDefaults() throws Exception {
    Path properties = scratch.resolve("my.conf");
    Files.writeString(
        properties,
        "# mine\nspark.driver.memory   700m\n\nspark.sql.shuffle.partitions=31\nspark.a b  c ");
    Ended ended = launch(Map.of(), List.of("gold", "--properties-file", properties.toString()));
    assertThat(ended.after("--properties-file")).isEqualTo(properties.toString());
    assertThat(ended.out()).contains("-Xmx700m");
    assertThat(ended.out()).noneMatch(line -> line.startsWith("spark.sql.shuffle.partitions="));
    assertThat(ended.out())
        .contains("spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension");
  }

  @Test
  void clusterGetsTheApplicationJar() throws Exception {
    Ended ended = launch(Map.of(), List.of("run", "--master", "spark://h:7077"));
    assertThat(ended.out())
        .endsWith(project.toRealPath().resolve("jobs/target/medallion.jar").toString());
  }

  @Test
  void namesTheSparkSettingsThatTheUserMade() throws Exception {
    Ended ended =
        launch(Map.of(), List.of("silver", "--conf", "spark.x=1", "--executor-memory", "2g"));
    assertThat(ended.out()).contains("-Dmedallion.spark.given= spark.x spark.executor.memory ");
  }

  @Test
  void sparkHomeOfTheUserRunsTheCommand() throws Exception {
    Path spark = Files.createDirectories(scratch.resolve("spark/bin")).getParent();
    Files.createDirectories(spark.resolve("conf"));
    Files.writeString(spark.resolve("conf/spark-defaults.conf"), "spark.master spark://h:7077\n");
    script(spark.resolve("bin/spark-submit"), "printf '%s\\n' spark-submit \"$@\"; exit 3");
    Ended ended =
        launch(Map.of("SPARK_HOME", spark.toString()), List.of("silver", "--lake", "s3a://b/l"));
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.out()).startsWith("spark-submit");
    assertThat(ended.out()).noneMatch(line -> line.startsWith("spark.master="));
    assertThat(ended.out()).contains("spark.sql.session.timeZone=UTC");
    assertThat(ended.out())
        .endsWith(
            "--class",
            "io.medallion.jobs.SilverJob",
            project.toRealPath().resolve("jobs/target/medallion.jar").toString(),
            "--lake",
            "s3a://b/l");
  }

  @Test
  void allMistakesBeforeTheCommandNameTheirFix() throws Exception {
    assertThat(launch(Map.of(), List.of("--lake", "x", "run")).err())
        .isEqualTo(
            "medallion: there is no option '--lake' before the command. The command's own options follow it;"
                + " './medallion help' lists Spark's.\n");
    assertThat(launch(Map.of(), List.of("run", "--master")).err())
        .isEqualTo(
            "medallion: option --master needs a value. './medallion help' shows what each takes.\n");
    assertThat(launch(Map.of(), List.of("run", "--conf", "spark.x")).err())
        .isEqualTo("medallion: --conf takes KEY=VALUE, and 'spark.x' has no '='.\n");
    assertThat(launch(Map.of("JAVA_HOME", "/nowhere"), List.of("run")).err())
        .isEqualTo(
            "medallion: JAVA_HOME is '/nowhere', and there is no bin/java in it. Set it to a JDK 17.\n");
  }

  @Test
  void changedAndRemovedSourcesCauseABuildAndItsFailureEndsTheCommand() throws Exception {
    Path source = Files.writeString(project.resolve("jobs/src/main/java/A.java"), "");
    touchStampAfter(source);
    assertThat(launch(Map.of(), List.of("run")).code()).isZero();

    Files.delete(source);
    Ended ended = launch(Map.of(), List.of("run"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("medallion: building (sources are newer than the last build)\n");
    assertThat(ended.err())
        .contains("mvnw -q -B -ntp -Dmaven.test.skip=true -pl demo -am package\n");
    assertThat(ended.err()).endsWith("medallion: the build failed; its messages are above\n");
  }

  @ParameterizedTest
  @CsvSource({
    "test, mvnw -B -ntp verify",
    "test --fast, 'mvnw -B -ntp verify -Dtests.left.out=slow,all'",
    "test --all -Dx=y, mvnw -B -ntp verify -Dtests.left.out=none -Dx=y",
  })
  void testLeavesOutWhatItsOptionsSay(String line, String built) throws Exception {
    assertThat(launch(Map.of(), List.of(line.split(" "))).out()).containsExactly(built);
  }

  @Test
  void smallInputHasPlainPlansUnlessTheUserSaysOtherwise() throws Exception {
    Path file = Files.writeString(scratch.resolve("a.csv"), "small");
    String plain = "spark.sql.adaptive.enabled=false";
    String few = "spark.sql.shuffle.partitions=2";

    assertThat(launch(Map.of(), List.of("run", "--source", file.toString())).out())
        .contains(plain, few);
    assertThat(
            launch(
                    Map.of(),
                    List.of(
                        "run",
                        "--conf",
                        "spark.sql.shuffle.partitions=64",
                        "--source",
                        file.toString()))
                .out())
        .contains(plain, "spark.sql.shuffle.partitions=64")
        .doesNotContain(few);
    assertThat(
            launch(
                    Map.of(),
                    List.of("run", "--master", "spark://h:7077", "--source", file.toString()))
                .out())
        .doesNotContain(plain, few);
    assertThat(launch(Map.of(), List.of("sql", "SELECT 1")).out()).doesNotContain(plain, few);
  }

  @Test
  void smallInputIsLeftToTheQuickCompiler() throws Exception {
    String quick = "-XX:TieredStopAtLevel=1";
    Path drop = Files.createDirectories(scratch.resolve("my drop"));
    Files.writeString(drop.resolve("a.csv"), "small");
    Path big = Files.write(drop.resolve("b.csv"), new byte[33 * 1024 * 1024]);

    assertThat(launch(Map.of(), List.of("run", "--source", drop + "/a.*", "--lake", "l")).out())
        .contains(quick);
    assertThat(launch(Map.of(), List.of("run", "--source", drop + "/*.csv")).out())
        .doesNotContain(quick);
    assertThat(launch(Map.of(), List.of("run", "--source=" + drop)).out()).doesNotContain(quick);
    assertThat(launch(Map.of(), List.of("bronze", "--source", "s3a://b/drop")).out())
        .doesNotContain(quick);
    assertThat(launch(Map.of(), List.of("gold")).out()).doesNotContain(quick);
    assertThat(launch(Map.of(), List.of("sql", "SELECT 1", "--lake", big.toString())).out())
        .contains(quick);
  }

  @Test
  void runsThroughALinkFromAnotherDirectory() throws Exception {
    Path link = Files.createSymbolicLink(scratch.resolve("m"), project.resolve("medallion"));
    Ended ended =
        end(
            Map.of(),
            Files.createDirectories(scratch.resolve("elsewhere")),
            List.of("../" + link.getFileName(), "gold"));
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("-Dmedallion.root=" + project.toRealPath());
  }

  @Test
  void trainingForTheClassArchiveKnowsNothingOfTheInstallation() throws Exception {
    Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    script(javaHome.resolve("bin/java"), "echo \"warehouse: $MEDALLION_WAREHOUSE_FILE\"");
    Ended ended = launch(Map.of("MEDALLION_WAREHOUSE_FILE", "/data/w.duckdb"), List.of("gold"));
    assertThat(ended.out()).containsExactly("warehouse: /data/w.duckdb");
    assertThat(project.resolve(".medallion/training.log"))
        .content()
        .isEqualTo("warehouse: \nwarehouse: \n");
  }

  private void touchStampAfter(Path file) throws IOException {
    for (Path path : List.of(file, file.getParent())) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(0));
    }
  }

  private Ended launch(Map<String, String> environment, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(project.resolve("medallion").toString()));
    command.addAll(arguments);
    return end(environment, scratch, command);
  }

  private Ended end(Map<String, String> environment, Path directory, List<String> command)
      throws IOException, InterruptedException {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_CONF_DIR"));
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new Ended(code, Files.readAllLines(out), Files.readString(err, UTF_8));
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

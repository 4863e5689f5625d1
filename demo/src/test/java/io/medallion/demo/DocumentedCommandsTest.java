package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that a page shows is one that the program takes. */
class DocumentedCommandsTest {
  private static final List<String> DEMO_COMMANDS = List.of("generate", "produce", "demo");

  private static final Pattern WORD =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|(\\S+)");

  /** What the launcher hands to Spark, each with a value. */
  private static final List<String> SPARK_OPTIONS =
      List.of(
          "--master",
          "--conf",
          "--driver-memory",
          "--driver-java-options",
          "--properties-file",
          "--deploy-mode",
          "--jars",
          "--packages",
          "--executor-memory",
          "--executor-cores",
          "--num-executors",
          "--total-executor-cores");

  /** A command line of a page. */
  record Shown(String page, String line) {
    @Override
    public String toString() {
      return page + ": " + line;
    }
  }

  static List<Shown> launcherLines() throws IOException {
    return lines(Pattern.compile("(?:^|.*\\| )(?:\\./|(?:\\.\\./)+)medallion .*"));
  }

  static List<Shown> submitLines() throws IOException {
    return lines(Pattern.compile("spark-submit .*"));
  }

  /** What a page gives to the container of Medallion. */
  static List<Shown> containerLines() throws IOException {
    String container = " run --rm medallion ";
    return lines(Pattern.compile("docker compose .*")).stream()
        .filter(shown -> shown.line().contains(container))
        .map(
            shown ->
                new Shown(
                    shown.page(),
                    "./medallion "
                        + shown
                            .line()
                            .substring(shown.line().indexOf(container) + container.length())))
        .toList();
  }

  private static List<Shown> lines(Pattern command) throws IOException {
    List<Shown> shown = new ArrayList<>();
    for (Path page : pages()) {
      boolean code = false;
      String text = Files.readString(page).replace("\\\n", " ");
      for (String line : text.lines().toList()) {
        if (line.strip().startsWith("```")) {
          code = !code;
        } else if (code && command.matcher(line.strip()).matches()) {
          shown.add(
              new Shown(TestLake.REPOSITORY.relativize(page).toString(), withoutComment(line)));
        }
      }
    }
    assertThat(shown).as("command lines like " + command).isNotEmpty();
    return shown;
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(TestLake.REPOSITORY.resolve("docs"))) {
      List<Path> pages =
          docs.filter(p -> p.toString().endsWith(".md"))
              .sorted()
              .collect(Collectors.toCollection(ArrayList::new));
      pages.add(TestLake.REPOSITORY.resolve("README.md"));
      return pages;
    }
  }

  private static String withoutComment(String line) {
    return line.strip().replaceFirst("\\s+#\\s.*$", "");
  }

  @ParameterizedTest
  @MethodSource({"launcherLines", "containerLines"})
  void theLauncherTakesTheLine(Shown shown) throws Exception {
    List<String> words = words(shown.line().replaceFirst(".*\\| (?=\\.)", ""));
    words.remove(0);
    while (words.get(0).startsWith("--")) {
      words.remove(0);
      words.remove(0);
    }
    String command = words.remove(0);
    if (List.of("test", "help").contains(command)) {
      return;
    }
    words.remove("--help");
    if (words.isEmpty() && shown.line().endsWith("--help")) {
      job(command);
      return;
    }
    takes(job(command), words);
  }

  @ParameterizedTest
  @MethodSource("submitLines")
  void theMainClassTakesTheLine(Shown shown) throws Exception {
    Matcher main = Pattern.compile("--class (\\S+)").matcher(shown.line());
    assertThat(main.find()).as(shown.toString()).isTrue();
    Job job = (Job) Class.forName(main.group(1)).getDeclaredConstructor().newInstance();
    List<String> words = words(shown.line());
    // The demo's jar has the application beside it, as an option's value.
    String application =
        job.getClass().getPackageName().equals("io.medallion.demo")
            ? "medallion-demo.jar"
            : "medallion.jar";
    Optional<String> jar = words.stream().filter(w -> w.endsWith(application)).findFirst();
    assertThat(jar).as(shown.toString()).isPresent();
    takes(job, words.subList(words.lastIndexOf(jar.get()) + 1, words.size()));
  }

  private static Job job(String command) throws Exception {
    String name =
        Stream.of(command.split("-"))
            .map(w -> w.substring(0, 1).toUpperCase(Locale.ROOT) + w.substring(1))
            .collect(Collectors.joining());
    return (Job)
        Class.forName(
                "io.medallion."
                    + (DEMO_COMMANDS.contains(command) ? "demo." : "jobs.")
                    + name
                    + "Job")
            .getDeclaredConstructor()
            .newInstance();
  }

  private static void takes(Job job, List<String> words) {
    List<String> own = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (SPARK_OPTIONS.contains(words.get(i))) {
        i++;
      } else {
        own.add(words.get(i));
      }
    }
    assertThatCode(() -> Arguments.parse(job.spec(), own.toArray(String[]::new)))
        .doesNotThrowAnyException();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(
          matcher.group(1) != null
              ? matcher.group(1).replace("\\\"", "\"")
              : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
    }
    return words;
  }
}

package io.medallion.demo;

import io.medallion.core.s3.S3Settings;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Setting;
import io.medallion.jobs.config.Settings;
import io.medallion.jobs.config.SparkDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pages of the reference that the code itself writes. */
final class ReferencePages {
  private static final String GENERATED =
      "<!-- Written by ReferencePagesTest with -Dmedallion.docs.write=true: change the code, not this page. -->\n";

  private ReferencePages() {}

  /** Content by path below the repository. */
  static Map<String, String> all(List<Job> jobs) throws IOException {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("docs/reference/configuration.md", configuration(jobs));
    pages.put("docs/reference/commands.md", commands(jobs));
    return pages;
  }

  private static String configuration(List<Job> jobs) throws IOException {
    StringBuilder page = new StringBuilder("# Configuration\n\n").append(GENERATED).append('\n');
    page.append(
        """
        For each key the first of these that says something holds:

        1. the command's option; for Spark's own keys `--conf` and your properties file
        2. the environment variable
        3. the profile that `--profile` or `MEDALLION_PROFILE` chooses: a file `NAME.yaml` in `profiles` of the `--config` folder or of `conf`,
           or any path that ends in `.yaml`
        4. the default

        `./medallion config show` prints what holds and why. A key that does not exist is an error that names the nearest; all mistakes are told
        at once (exit code 2). In a profile `${env:NAME}` stands for an environment variable. Secrets are written in no other way. Nested keys and
        keys with dots are the same: `s3.region` is `region` below `s3`.

        ## Medallion's keys

        | key | type | default | option | environment | meaning |
        |---|---|---|---|---|---|
        """);
    for (Setting setting : Settings.ALL) {
      page.append(
          "| %s | %s | %s | %s | `%s` | %s |\n"
              .formatted(
                  setting == Settings.PROFILE ? "" : code(setting.key()),
                  type(setting),
                  setting.defaultValue().map(ReferencePages::code).orElse(""),
                  setting
                      .option()
                      .filter(o -> jobs.stream().anyMatch(job -> job.spec().options().contains(o)))
                      .map(o -> code("--" + o.name()))
                      .orElse(""),
                  setting.variable(),
                  cell(setting.description() + spark(setting))));
    }
    page.append(
        """

        ## Spark's keys

        A profile may hold any key that begins with `spark.`, except those of how Spark starts (`spark.master`, `spark.driver.memory`, …: options of
        `./medallion`) and these, which are always so:

        | key | value | why |
        |---|---|---|
        """);
    for (SparkDefaults.Fixed fixed : SparkDefaults.FIXED) {
      page.append("| `%s` | `%s` | %s |\n".formatted(fixed.key(), fixed.value(), fixed.why()));
    }
    page.append("\nDefaults of `conf/spark-defaults.conf`:\n\n| key | value |\n|---|---|\n");
    for (String line :
        Files.readAllLines(TestLake.REPOSITORY.resolve("conf/spark-defaults.conf"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+", 2);
        page.append("| `%s` | `%s` |\n".formatted(words[0], words[1]));
      }
    }
    page.append(
        "\n%d more, of S3, with the reason of each: [S3 settings](s3-settings.md).\n"
            .formatted(S3Settings.DEFAULTS.size() + 1));
    return page.toString();
  }

  private static String type(Setting setting) {
    List<String> words = new ArrayList<>(List.of(cell(setting.type().label())));
    if (!setting.unit().isBlank()) {
      words.add(setting.unit());
    }
    if (setting.isSecret()) {
      words.add("secret");
    }
    return String.join("; ", words);
  }

  private static String spark(Setting setting) {
    if (setting.spark().isEmpty()) {
      return "";
    }
    return setting.spark().stream()
        .map(t -> code(t.key()) + t.constant().map(c -> " = " + code(c)).orElse(""))
        .collect(Collectors.joining(", ", " (sets ", ")"));
  }

  private static String commands(List<Job> jobs) {
    StringBuilder page = new StringBuilder("# Commands\n\n").append(GENERATED).append('\n');
    page.append(
        """
        `./medallion COMMAND --help` prints the same. Exit codes: 0 done, 1 failed, 2 a mistake in options or configuration, 3 a check of severity
        error failed, 4 done, but a delivery was refused: a file was kept aside.

        Every command takes these, which [settings](configuration.md) can also say:

        """);
    options(page, CommandSpec.OF_EVERY_COMMAND);
    for (Job job : jobs) {
      CommandSpec spec = job.spec();
      page.append("\n## %s\n\n%s\n".formatted(spec.name(), spec.summary()));
      List<OptionSpec> own =
          spec.options().stream().filter(o -> !CommandSpec.OF_EVERY_COMMAND.contains(o)).toList();
      Optional<String> operand = spec.operand();
      operand.ifPresent(name -> page.append("\nArgument: `%s`.\n".formatted(name)));
      if (!own.isEmpty()) {
        page.append('\n');
        options(page, own);
      }
      page.append("\n```\n");
      spec.examples()
          .forEach(
              e -> page.append(e.replaceAll("(^|\\| )medallion ", "$1./medallion ")).append('\n'));
      page.append("```\n");
    }
    return page.toString();
  }

  private static void options(StringBuilder page, List<OptionSpec> options) {
    page.append("| option | default | meaning |\n|---|---|---|\n");
    for (OptionSpec option : options) {
      String value = option.valueName().isBlank() ? "" : " " + option.valueName();
      String need =
          option.kind() == OptionSpec.Kind.REQUIRED || option.kind() == OptionSpec.Kind.REPEATED
              ? "required"
              : option.defaultValue().map(ReferencePages::code).orElse("");
      page.append(
          "| %s | %s | %s |\n"
              .formatted(code("--" + option.name() + value), need, cell(option.text())));
    }
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  /** A bar would end the cell, in code too. */
  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}

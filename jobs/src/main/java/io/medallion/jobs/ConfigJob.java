package io.medallion.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.s3.S3Settings;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.Installation;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.ProfileImport;
import io.medallion.jobs.config.SettingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** {@code medallion config}: what settings hold and why, and how they come out of Terraform. */
public final class ConfigJob extends Job {
  private static final OptionSpec OUT =
      OptionSpec.optional(
          "out", "FILE", "import: the profile to write; without it, standard output");
  private static final String STANDARD_INPUT = "-";

  public static void main(String[] line) {
    main(new ConfigJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "config",
        "show: every setting that holds, and where it comes from. import [FILE]: make a profile of what"
            + " terraform output -json prints, from standard input without FILE.",
        Optional.of("show|import…"),
        List.of(OUT),
        List.of(
            "medallion config show --profile aws",
            "medallion config import outputs.json --out conf/profiles/prod.yaml",
            "terraform output -json | medallion config import --out conf/profiles/prod.yaml"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) throws IOException {
    List<String> operands = arguments.operands();
    List<String> rest = operands.subList(1, operands.size());
    switch (operands.get(0)) {
      case "show" -> {
        none(rest);
        show(arguments, console);
      }
      case "import" -> {
        none(rest.subList(Math.min(1, rest.size()), rest.size()));
        imported(rest.stream().findFirst().orElse(STANDARD_INPUT), arguments, console);
      }
      default ->
          throw new ConfigurationException(
              new Mistake(
                  "medallion config " + operands.get(0),
                  "there is no such action",
                  NearestName.fix(operands.get(0), List.of("show", "import"), "")));
    }
    return ExitCode.DONE;
  }

  private static void none(List<String> words) {
    if (!words.isEmpty()) {
      throw new ConfigurationException(
          words.stream()
              .map(
                  word ->
                      new Mistake("medallion config", "`" + word + "` is too much", "remove it"))
              .toList());
    }
  }

  private static void show(Arguments arguments, Console console) {
    Installation installation = arguments.installation();
    List<Installation.Effective> own = installation.all();
    List<Installation.Effective> spark =
        installation.ofSession(S3Settings.complete(installation.applyTo(new SparkConf())));
    if (arguments.on(CommandSpec.JSON)) {
      console.json(
          new Shown(
              own.stream().map(ShownSetting::of).toList(),
              spark.stream().map(ShownSetting::of).toList()));
      return;
    }
    console.table(List.of("setting", "origin", "value"), own.stream().map(ConfigJob::row).toList());
    console.line("");
    console.table(
        List.of("Spark's setting", "origin", "value"), spark.stream().map(ConfigJob::row).toList());
  }

  private static List<String> row(Installation.Effective effective) {
    return List.of(
        effective.key(), effective.source().toString(), effective.masked().orElse("(not set)"));
  }

  /** What {@code show --json} prints. */
  private record Shown(List<ShownSetting> settings, List<ShownSetting> spark) {}

  private record ShownSetting(
      String key,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> value,
      SettingSource.Level origin,
      String place) {
    static ShownSetting of(Installation.Effective effective) {
      return new ShownSetting(
          effective.key(),
          effective.masked(),
          effective.source().level(),
          effective.source().place());
    }
  }

  /** What {@code import --json} prints. */
  private record Imported(String profile, Map<String, String> settings) {}

  private static void imported(String from, Arguments arguments, Console console)
      throws IOException {
    ProfileImport profile =
        from.equals(STANDARD_INPUT)
            ? ProfileImport.of("standard input", System.in.readAllBytes())
            : ProfileImport.of(from, bytes(from));
    Optional<String> out = arguments.maybe(OUT);
    if (out.isEmpty()) {
      console.line(profile.yaml().stripTrailing());
      return;
    }
    profile.write(Path.of(out.get()));
    console.progress("config", profile.settings().size() + " settings written to " + out.get());
    if (arguments.on(CommandSpec.JSON)) {
      console.json(new Imported(out.get(), profile.settings()));
    }
  }

  private static byte[] bytes(String file) throws IOException {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(
          new Mistake(
              "medallion config import " + file,
              "there is no such file",
              "write it with terraform output -json > " + file));
    }
  }
}

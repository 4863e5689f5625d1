package io.medallion.jobs.cli;

import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Setting;
import io.medallion.jobs.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command as its user sees it.
 *
 * @param name as it follows {@code medallion}
 * @param summary one line
 * @param operand the name of the command's free argument; absent where it takes none
 * @param options its own options; those of every command come on top
 * @param examples command lines that work
 */
public record CommandSpec(
    String name,
    String summary,
    Optional<String> operand,
    List<OptionSpec> options,
    List<String> examples) {

  public static final OptionSpec LAKE = option(Settings.LAKE);
  public static final OptionSpec CONFIG = option(Settings.CONFIG);
  static final OptionSpec PROFILE = option(Settings.PROFILE);
  public static final OptionSpec JSON =
      OptionSpec.toggle("json", "print the result as one JSON object on standard output");
  public static final OptionSpec FEED = option(Settings.FEED);
  public static final OptionSpec SOURCE =
      OptionSpec.repeated(
          "source", "PATH…", "files, directories or quoted globs; .gz is read as well");
  public static final OptionSpec STAR = option(Settings.STAR);

  public static final List<OptionSpec> OF_EVERY_COMMAND = List.of(LAKE, CONFIG, PROFILE, JSON);

  private static OptionSpec option(Setting setting) {
    return setting.option().orElseThrow();
  }

  public CommandSpec {
    List<OptionSpec> all = new ArrayList<>(options);
    all.addAll(OF_EVERY_COMMAND);
    options = List.copyOf(all);
    examples = List.copyOf(examples);
  }

  public static CommandSpec of(
      String name, String summary, List<OptionSpec> options, List<String> examples) {
    return new CommandSpec(name, summary, Optional.empty(), options, examples);
  }

  CommandSpec withOperand(String operandName) {
    List<OptionSpec> own = options.stream().filter(o -> !OF_EVERY_COMMAND.contains(o)).toList();
    return new CommandSpec(name, summary, Optional.of(operandName), own, examples);
  }
}

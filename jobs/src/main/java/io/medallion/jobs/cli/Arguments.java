package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.jobs.config.Installation;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Setting;
import io.medallion.jobs.config.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import scala.collection.JavaConverters;
import scopt.OptionParser;
import scopt.Read;

/** The options of one call, checked against the command's specification. */
public final class Arguments {
  private final CommandSpec command;
  private final Map<String, List<String>> values;
  private final Installation installation;

  private Arguments(
      CommandSpec command, Map<String, List<String>> values, Installation installation) {
    this.command = command;
    this.values = values;
    this.installation = installation;
  }

  /** Thrown where {@code --help} was asked for; the message is the help. */
  static final class HelpRequested extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HelpRequested(String help) {
      super(help);
    }
  }

  /**
   * Parses a command line.
   *
   * @throws HelpRequested where it asks for help
   * @throws ConfigurationException naming every mistake in it
   */
  public static Arguments parse(CommandSpec command, String[] line) {
    Parser parser = new Parser(command);
    List<String> words = List.of(line);
    if (words.contains("--help") || words.contains("-h")) {
      throw new HelpRequested(parser.help());
    }
    scala.Option<Map<String, List<String>>> parsed =
        parser.parse(JavaConverters.asScalaBuffer(spread(command, words)).toSeq(), new HashMap<>());
    if (parsed.isEmpty() || !parser.mistakes.isEmpty()) {
      throw new ConfigurationException(parser.mistakes);
    }
    return new Arguments(command, parsed.get(), Installation.DEFAULTS);
  }

  /** Writes {@code --source a b} as {@code --source a --source b}, which scopt understands. */
  private static List<String> spread(CommandSpec command, List<String> words) {
    List<String> spread = new ArrayList<>();
    String repeated = null;
    boolean fresh = false;
    for (String word : words) {
      if (word.startsWith("--")) {
        String name = word.substring(2);
        boolean repeats =
            command.options().stream().anyMatch(o -> takesSeveral(o) && o.name().equals(name));
        repeated = repeats ? word : null;
        fresh = true;
        spread.add(word);
      } else {
        if (repeated != null && !fresh) {
          spread.add(repeated);
        }
        fresh = false;
        spread.add(word);
      }
    }
    return spread;
  }

  private static boolean takesSeveral(OptionSpec option) {
    return option.kind() == OptionSpec.Kind.REPEATED || option.kind() == OptionSpec.Kind.SEVERAL;
  }

  /** The value of an option that is required or has a default. */
  public String text(OptionSpec option) {
    return maybe(option)
        .orElseThrow(() -> new IllegalArgumentException("--" + option.name() + " has no value"));
  }

  /** The value of an option; where it is not given, that of its setting, or its default. */
  public Optional<String> maybe(OptionSpec option) {
    return given(option).or(() -> installation.value(option)).or(option::defaultValue);
  }

  /** The value of an option, where the command line has it. */
  public Optional<String> given(OptionSpec option) {
    List<String> given = values.getOrDefault(option.name(), List.of());
    return given.isEmpty() || !command.options().contains(option)
        ? Optional.empty()
        : Optional.of(given.get(given.size() - 1));
  }

  /** Names the value of an option as its user wrote it: there, or as a setting, and where. */
  public String place(OptionSpec option) {
    Optional<Setting> setting = Settings.of(option).filter(s -> given(option).isEmpty());
    return setting
        .map(
            s ->
                "`%s: %s` (%s)"
                    .formatted(
                        s.key(), maybe(option).orElse(""), installation.source(s).toString()))
        .orElseGet(() -> "--" + option.name() + " " + maybe(option).orElse(""));
  }

  /** The same options, over the settings of an installation. */
  public Arguments within(Installation settled) {
    return new Arguments(command, values, settled);
  }

  /** The settings, which apply where no option is given. */
  public Installation installation() {
    return installation;
  }

  /** All values of an option that may be repeated. */
  public List<String> all(OptionSpec option) {
    return values.getOrDefault(option.name(), List.of());
  }

  /** Whether a switch is on. */
  public boolean on(OptionSpec option) {
    return values.containsKey(option.name());
  }

  /** The command's free argument, or the first of them. */
  public Optional<String> operand() {
    return operands().stream().findFirst();
  }

  /** The command's free arguments. */
  public List<String> operands() {
    return command.operand().map(name -> values.getOrDefault(name, List.of())).orElse(List.of());
  }

  private static final class Parser extends OptionParser<Map<String, List<String>>> {
    private final CommandSpec command;
    private final List<Mistake> mistakes = new ArrayList<>();

    Parser(CommandSpec command) {
      super("medallion " + command.name());
      this.command = command;
      note(command.summary() + "\n");
      command.operand().ifPresent(this::declareOperand);
      for (OptionSpec option : command.options()) {
        declare(option);
      }
      note("  -h, --help               this text\n");
      note(
          "Spark's own options (--master, --driver-memory 4g, --conf K=V, …) may be given as"
              + " well.\n");
      note(
          "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 a quality gate is"
              + " breached.\n");
      note("Examples:");
      command.examples().forEach(example -> note("  " + example));
    }

    /** An operand whose name ends in an ellipsis may be given several times. */
    private void declareOperand(String name) {
      scopt.OptionDef<String, Map<String, List<String>>> operand =
          arg(name, Read.stringRead()).action((value, map) -> put(map, name, value));
      if (name.endsWith("…")) {
        operand.unbounded().required();
      } else {
        operand.required();
      }
    }

    private void declare(OptionSpec option) {
      String text =
          option.text() + option.defaultValue().map(d -> " (default: " + d + ")").orElse("");
      if (option.kind() == OptionSpec.Kind.SWITCH) {
        opt(option.name(), Read.unitRead())
            .text(text)
            .action((value, map) -> put(map, option.name(), ""));
        return;
      }
      scopt.OptionDef<String, Map<String, List<String>>> declared =
          opt(option.name(), Read.stringRead())
              .valueName(option.valueName())
              .text(text)
              .action((value, map) -> put(map, option.name(), value));
      if (option.kind() == OptionSpec.Kind.REPEATED) {
        declared.unbounded().required();
      } else if (option.kind() == OptionSpec.Kind.SEVERAL) {
        declared.unbounded();
      } else if (option.kind() == OptionSpec.Kind.REQUIRED) {
        declared.required();
      }
    }

    private static Map<String, List<String>> put(
        Map<String, List<String>> map, String name, String value) {
      map.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      return map;
    }

    String help() {
      return usage();
    }

    @Override
    public void reportError(String message) {
      String place = "medallion " + command.name();
      String fix = "see medallion " + command.name() + " --help";
      if (message.startsWith("Unknown option --")) {
        List<String> known = command.options().stream().map(o -> "--" + o.name()).toList();
        fix =
            NearestName.of(message.substring("Unknown option ".length()), known)
                .map(
                    near ->
                        "did you mean " + near + "? See medallion " + command.name() + " --help")
                .orElse(fix);
      }
      mistakes.add(new Mistake(place, message, fix));
    }

    @Override
    public void reportWarning(String message) {
      reportError(message);
    }

    @Override
    public scala.Option<Object> showUsageOnError() {
      return scala.Option.apply(Boolean.FALSE);
    }
  }
}

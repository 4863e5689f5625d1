package io.medallion.jobs;

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
record CommandSpec(
    String name,
    String summary,
    Optional<String> operand,
    List<OptionSpec> options,
    List<String> examples) {

  static final OptionSpec LAKE =
      OptionSpec.optional("lake", "URI", "where the lake is: a path or a Hadoop URI", "./lake");
  static final OptionSpec CONFIG =
      OptionSpec.optional(
          "config",
          "DIR",
          "folder with contracts/ and stars/; without it, ./conf where there is one, else the"
              + " embedded ones");
  static final OptionSpec JSON =
      OptionSpec.toggle("json", "print the result as one JSON object on standard output");
  static final OptionSpec FEED =
      OptionSpec.optional("feed", "NAME", "the feed the sources belong to", "sales_orders");
  static final OptionSpec SOURCE =
      OptionSpec.repeated(
          "source", "PATH…", "files, directories or quoted globs; .gz is read as well");
  static final OptionSpec STAR =
      OptionSpec.optional("star", "NAME", "only this star; without it, every star that is fed");

  CommandSpec {
    List<OptionSpec> all = new ArrayList<>(options);
    all.add(LAKE);
    all.add(CONFIG);
    all.add(JSON);
    options = List.copyOf(all);
    examples = List.copyOf(examples);
  }

  static CommandSpec of(
      String name, String summary, List<OptionSpec> options, List<String> examples) {
    return new CommandSpec(name, summary, Optional.empty(), options, examples);
  }

  CommandSpec withOperand(String operandName) {
    List<OptionSpec> own =
        options.stream().filter(o -> o != LAKE && o != CONFIG && o != JSON).toList();
    return new CommandSpec(name, summary, Optional.of(operandName), own, examples);
  }
}

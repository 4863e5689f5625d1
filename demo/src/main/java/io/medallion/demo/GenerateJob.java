package io.medallion.demo;

import static io.medallion.jobs.cli.Console.bytes;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.demo.orders.GenerationSummary;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.OptionSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code medallion generate}: order files with every difficulty, and the truth about them. */
public final class GenerateJob extends Job {
  private static final OptionSpec ORDERS =
      OptionSpec.required("orders", "N", "how many orders; 2.5 lines each on average");
  private static final OptionSpec OUT =
      OptionSpec.required("out", "DIR", "an empty folder for orders/, truth/ and the rest");
  private static final OptionSpec SEED =
      OptionSpec.optional("seed", "S", "equal options give equal bytes", "1");
  private static final OptionSpec FAULTS =
      OptionSpec.optional("faults", "RATE", "share of faulty records, 0 to 0.5", "0.02");
  private static final OptionSpec INCREMENT =
      OptionSpec.optional(
          "increment",
          "PERCENT",
          "one more file with that share of new, late and changed lines",
          "0");
  private static final OptionSpec UPDATED_AT =
      OptionSpec.toggle("updated-at", "add the sequence column Updated At");
  private static final OptionSpec NO_TRUTH =
      OptionSpec.toggle("no-truth", "leave the truth out: constant memory for large files");

  public static void main(String[] line) {
    main(new GenerateJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "generate",
        "Write retail order files with every kind of fault, and the truth about them.",
        List.of(ORDERS, OUT, SEED, FAULTS, INCREMENT, UPDATED_AT, NO_TRUTH),
        List.of(
            "medallion generate --orders 10000 --out ./orders --seed 7 --faults 0.02",
            "medallion generate --orders 400000 --out ./big --increment 1 --no-truth"));
  }

  @Override
  protected int run(Arguments arguments, Console console) throws IOException {
    GeneratorOptions options = options(arguments);
    GenerationSummary summary = OrderGenerator.generate(options);
    if (arguments.on(CommandSpec.JSON)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("out", summary.out().toString());
      json.put("files", summary.orders().size() + (summary.increment().isPresent() ? 1 : 0));
      json.put("records", summary.records());
      json.put("faults", summary.faults());
      json.put("bytes", summary.bytes());
      console.json(json);
      return ExitCode.DONE;
    }
    console.line(
        Console.number(summary.records())
            + " records in "
            + summary.orders().size()
            + " files ("
            + bytes(summary.bytes())
            + "), "
            + Console.number(summary.faults())
            + " of them faulty");
    console.line("orders     " + summary.out().resolve("orders"));
    summary
        .increment()
        .ifPresent(file -> console.line("increment  " + summary.out().resolve("increment")));
    summary.truth().ifPresent(path -> console.line("truth      " + path));
    return ExitCode.DONE;
  }

  private static GeneratorOptions options(Arguments arguments) {
    List<Mistake> mistakes = new ArrayList<>();
    Optional<Long> orders = number(arguments, ORDERS, Long::valueOf, mistakes);
    Optional<Long> seed = number(arguments, SEED, Long::valueOf, mistakes);
    Optional<Double> faults = number(arguments, FAULTS, Double::valueOf, mistakes);
    Optional<Double> increment = number(arguments, INCREMENT, Double::valueOf, mistakes);
    if (mistakes.isEmpty()) {
      try {
        return new GeneratorOptions(
            orders.orElseThrow(),
            Path.of(arguments.text(OUT)),
            seed.orElseThrow(),
            faults.orElseThrow(),
            increment.orElseThrow(),
            arguments.on(UPDATED_AT),
            !arguments.on(NO_TRUTH));
      } catch (IllegalArgumentException e) {
        mistakes.add(new Mistake("medallion generate", e.getMessage(), "see --help"));
      }
    }
    throw new ConfigurationException(mistakes);
  }

  private static <T> Optional<T> number(
      Arguments arguments, OptionSpec option, Function<String, T> reader, List<Mistake> mistakes) {
    try {
      return Optional.of(reader.apply(arguments.text(option)));
    } catch (NumberFormatException e) {
      mistakes.add(
          new Mistake(
              "--" + option.name() + " " + arguments.text(option),
              "it is not a number",
              "give a number"));
      return Optional.empty();
    }
  }
}

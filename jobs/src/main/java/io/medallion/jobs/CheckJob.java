package io.medallion.jobs;

import io.medallion.core.LakeException;
import io.medallion.core.contract.Severity;
import io.medallion.gold.build.FullCheck;
import io.medallion.gold.build.GoldStream;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.RowFormat;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code medallion check}: what the checks of stars found, or find on all rows now. */
public final class CheckJob extends Job {
  private static final OptionSpec FULL =
      OptionSpec.toggle(
          "full",
          "evaluate every check now, on all rows; without it, show what the last build found");
  private static final OptionSpec FORMAT =
      OptionSpec.optional("format", "table|csv|json", "how results are printed", "table");

  private static final List<String> HEADER =
      List.of(
          "star", "check", "kind", "table", "severity", "passed", "scope", "violations", "sample");

  public static void main(String[] line) {
    main(new CheckJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "check",
        "Show what every check of a star found at its last build, or finds on all rows now.",
        List.of(FULL, CommandSpec.STAR, FORMAT),
        List.of(
            "medallion check --star sales",
            "medallion check --full",
            "medallion check --full --format csv"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return !arguments.on(FULL);
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    RowFormat format = RowFormat.of(arguments.text(FORMAT));
    Map<String, List<CheckResult>> results =
        arguments.on(FULL) ? evaluated(arguments, console) : ofTheLastBuilds(arguments, console);
    if (results.isEmpty()) {
      throw new LakeException(
          "no star was checked, for none of those asked for has been built in this lake",
          "build them first: medallion gold");
    }
    int exitCode =
        results.values().stream().flatMap(List::stream).anyMatch(CheckResult::breaches)
            ? ExitCode.GATE_BREACHED
            : ExitCode.DONE;
    if (arguments.on(CommandSpec.JSON)) {
      console.json(output(exitCode, results));
    } else {
      print(results, format, console);
    }
    return exitCode;
  }

  private static Map<String, List<CheckResult>> ofTheLastBuilds(
      Arguments arguments, Console console) {
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.open(arguments);
    Optional<String> name = arguments.maybe(CommandSpec.STAR);
    List<Star> stars =
        name.isPresent()
            ? List.of(lakehouse.configuration().stars().byName(name.get()))
            : lakehouse.configuration().stars().all();
    Map<String, List<CheckResult>> results = new LinkedHashMap<>();
    for (Star star : stars) {
      List<CheckResult> found = CheckResults.latest(lakehouse.reader(), star.name());
      if (found.isEmpty()) {
        notBuilt(star, console);
      } else {
        results.put(star.name(), found);
      }
    }
    return results;
  }

  private static Map<String, List<CheckResult>> evaluated(Arguments arguments, Console console) {
    Map<String, List<CheckResult>> results = new LinkedHashMap<>();
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      for (Star star : lakehouse.stars(arguments.maybe(CommandSpec.STAR))) {
        console.progress("check", star.checks().size() + " checks of star " + star.name());
        try (GoldStream gold = lakehouse.gold(star)) {
          // A stream may fill the source meanwhile.
          gold.concurrentSource();
          Optional<FullCheck> found = gold.checkAll();
          if (found.isEmpty()) {
            notBuilt(star, console);
            continue;
          }
          found.get().writtenSince().forEach(table -> console.notice(writtenSince(table)));
          results.put(star.name(), found.get().results());
        }
      }
    }
    return results;
  }

  private static void notBuilt(Star star, Console console) {
    console.notice("star " + star.name() + " has not been built in this lake, and is not checked");
  }

  private static String writtenSince(String table) {
    return table
        + " has been written since the last build ended: by a build that was killed or is under way,"
        + " or by what is no part of Medallion";
  }

  private static void print(
      Map<String, List<CheckResult>> results, RowFormat format, Console console) {
    List<List<Object>> rows = new ArrayList<>();
    results.forEach((star, found) -> found.forEach(result -> rows.add(row(star, result))));
    RowPrinter.print(HEADER, rows, format, Integer.MAX_VALUE, console);
    if (format == RowFormat.TABLE) {
      results.forEach(
          (star, found) ->
              console.line(
                  "star %s: %d of %d checks passed"
                      .formatted(
                          star, found.stream().filter(CheckResult::passed).count(), found.size())));
    }
  }

  private static List<Object> row(String star, CheckResult result) {
    return Arrays.asList(
        star,
        result.check(),
        result.kind(),
        result.table(),
        result.severity().name().toLowerCase(Locale.ROOT),
        result.passed(),
        result.scope().name().toLowerCase(Locale.ROOT),
        result.violations(),
        result.sample().orElse(null));
  }

  /** What {@code --json} prints. */
  private record Output(int exitCode, Map<String, List<Line>> stars) {}

  private record Line(
      String check,
      String kind,
      String table,
      Severity severity,
      boolean passed,
      CheckResult.Scope scope,
      long violations,
      Optional<String> sample) {}

  private static Output output(int exitCode, Map<String, List<CheckResult>> results) {
    Map<String, List<Line>> stars = new LinkedHashMap<>();
    results.forEach((star, found) -> stars.put(star, found.stream().map(CheckJob::line).toList()));
    return new Output(exitCode, stars);
  }

  private static Line line(CheckResult result) {
    return new Line(
        result.check(),
        result.kind(),
        result.table(),
        result.severity(),
        result.passed(),
        result.scope(),
        result.violations(),
        result.sample());
  }
}

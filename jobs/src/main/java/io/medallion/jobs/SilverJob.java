package io.medallion.jobs;

import io.medallion.core.contract.Contract;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.pipeline.FilePipeline;
import java.util.List;
import java.util.Optional;

/** {@code medallion silver}: processes the records of what landed. */
public final class SilverJob extends Job {
  private static final OptionSpec TABLE =
      OptionSpec.optional(
          "table", "NAME", "only this table; without it, every table whose feeds have landed");

  public static void main(String[] line) {
    main(new SilverJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "silver",
        "Parse, validate and de-duplicate what has landed since the last run.",
        List.of(TABLE),
        List.of("medallion silver --lake ./lake", "medallion silver --table sales_orders"));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      Optional<String> table = arguments.maybe(TABLE);
      List<Contract> contracts =
          table.isPresent()
              ? List.of(lakehouse.configuration().contracts().byTable(table.get()))
              : lakehouse.fedContracts();
      for (Contract contract : contracts) {
        FilePipeline.process(lakehouse, contract, report);
      }
      return report.end(arguments, lakehouse.runId());
    }
  }
}

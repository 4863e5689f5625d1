package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Limits;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.cli.RowFormat;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.Quarantined;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.jobs.lakehouse.WriterLock;
import io.medallion.jobs.pipeline.FilePipeline;
import io.medallion.silver.QuarantineFilter;
import io.medallion.silver.Replay;
import io.medallion.silver.SilverSummary;
import java.util.List;
import java.util.Optional;

/** {@code medallion quarantine}: what was refused and why, and the way back. */
public final class QuarantineJob extends Job {
  private static final OptionSpec FEED =
      OptionSpec.optional("feed", "NAME", "only records of this feed");
  private static final OptionSpec TABLE =
      OptionSpec.optional("table", "NAME", "the silver table", "sales_orders");
  private static final OptionSpec RULE =
      OptionSpec.optional("rule", "NAME", "only records that broke this rule");
  private static final OptionSpec FILE =
      OptionSpec.optional(
          "file", "ID|TEXT", "only of the file with this id, or this text in its path");
  private static final OptionSpec RECORD =
      OptionSpec.optional("record", "N", "only the record of this number");
  private static final OptionSpec FORMAT =
      OptionSpec.optional("format", "table|csv|json", "how rows are printed", "table");
  private static final OptionSpec LIMIT =
      OptionSpec.optional("limit", "N", "print at most so many rows; 0 for all", "50");

  public static void main(String[] line) {
    main(new QuarantineJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "quarantine",
        "list: count refused records by rule and file. show: the records, all reasons and raw text."
            + " replay: judge them again, under the contract as it is now.",
        Optional.of("list|show|replay"),
        List.of(TABLE, FEED, RULE, FILE, RECORD, FORMAT, LIMIT),
        List.of(
            "medallion quarantine list",
            "medallion quarantine show --rule sales_range --limit 5",
            "medallion quarantine replay --rule segment_accepted_values"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return !arguments.operand().equals(Optional.of("replay"));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    String action = arguments.operand().orElseThrow();
    RowFormat format =
        arguments.on(CommandSpec.JSON) ? RowFormat.JSON : RowFormat.of(arguments.text(FORMAT));
    int limit = Limits.rows(arguments.text(LIMIT));
    QuarantineFilter filter = filter(arguments);
    if (!List.of("list", "show", "replay").contains(action)) {
      throw new ConfigurationException(
          new Mistake(
              "medallion quarantine " + action, "there is no such action", "list, show or replay"));
    }
    if (action.equals("replay")) {
      try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
        Contract contract = lakehouse.configuration().contracts().byTable(arguments.text(TABLE));
        return replay(lakehouse, contract, filter, arguments, console);
      }
    }
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.open(arguments);
    Contract contract = lakehouse.configuration().contracts().byTable(arguments.text(TABLE));
    Optional<Quarantined> quarantined = Quarantined.of(lakehouse.reader(), contract, filter);
    if (quarantined.isEmpty()) {
      console.line("The quarantine is empty.");
    } else if (action.equals("list")) {
      RowPrinter.print(
          Quarantined.BY_RULE, quarantined.get().byRule(limit), format, limit, console);
    } else {
      RowPrinter.print(
          Quarantined.RECORDS, quarantined.get().records(limit), format, limit, console);
    }
    return ExitCode.DONE;
  }

  private static QuarantineFilter filter(Arguments arguments) {
    try {
      return new QuarantineFilter(
          arguments.maybe(FEED),
          arguments.maybe(RULE),
          arguments.maybe(FILE),
          arguments.maybe(RECORD).map(Long::valueOf));
    } catch (NumberFormatException e) {
      throw new ConfigurationException(
          new Mistake(
              "--record " + arguments.text(RECORD), "it is not a number", "such as --record 17"));
    }
  }

  private static int replay(
      Lakehouse lakehouse,
      Contract contract,
      QuarantineFilter filter,
      Arguments arguments,
      Console console) {
    Optional<SilverSummary> summary;
    try (WriterLock writerLock = lakehouse.writerLock()) {
      if (!writerLock.take("silver-" + contract.table())) {
        throw new LakeException(
            "another command keeps silver." + contract.table() + " up to date",
            "replay when it has ended; stop the stream if it is one");
      }
      summary =
          new Replay(
                  lakehouse.spark(),
                  lakehouse.lake(),
                  lakehouse.ledger(),
                  contract,
                  lakehouse.clock(),
                  lakehouse.runId())
              .run(filter);
    }
    if (summary.isEmpty()) {
      console.line("No quarantined record passes the contract as it is now: nothing was changed.");
      return ExitCode.DONE;
    }
    Report report = new Report(console);
    report.add(List.of(summary.get()));
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      FilePipeline.bringUpToDate(lakehouse, star, report);
    }
    return report.end(arguments, lakehouse.runId());
  }
}

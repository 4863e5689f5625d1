package io.medallion.jobs.cli;

import static io.medallion.jobs.cli.Console.bytes;
import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import io.medallion.bronze.LandingSummary;
import io.medallion.bronze.Outcome;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.s3.S3Requests;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.TableChange;
import io.medallion.silver.SilverSummary;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.LoadSummary;
import io.medallion.warehouse.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what the layers did while a command runs, and prints it at the end. */
public final class Report {
  private static final int MAX_LISTED = 10;

  private final Console console;
  private final List<LandingSummary> landings = new ArrayList<>();
  private final List<SilverSummary> silver = new ArrayList<>();
  private final List<GoldSummary> gold = new ArrayList<>();
  private final List<LoadSummary> loads = new ArrayList<>();
  private boolean withheld;
  private boolean refusalsExpected;

  public Report(Console console) {
    this.console = console;
  }

  /** A warning: the work goes on. */
  public void notice(String text) {
    console.notice(text);
  }

  public void add(LandingSummary landing) {
    landings.add(landing);
    console.progress(
        "bronze",
        number(landing.landed().size())
            + " files landed, "
            + number(landing.records())
            + " records, "
            + bytes(landing.bytes())
            + " in "
            + seconds(landing.duration()));
  }

  public void add(List<SilverSummary> summaries) {
    silver.addAll(summaries);
    summaries.forEach(summary -> console.progress("silver", SummaryFormat.silver(summary)));
  }

  public void add(GoldSummary summary) {
    gold.add(summary);
    summary.note().ifPresent(console::notice);
    for (GoldSummary.Build build : summary.builds()) {
      build
          .rebuilt()
          .ifPresent(why -> console.notice("star " + summary.star() + " was built anew: " + why));
      console.progress("gold", SummaryFormat.gold(summary.star(), build));
    }
  }

  public void add(LoadSummary load) {
    loads.add(load);
    load.note().ifPresent(console::notice);
    console.progress("warehouse", SummaryFormat.warehouse(load));
  }

  /** From here on a refused delivery is part of the show, and no exit code of its own. */
  public void expectRefusals() {
    refusalsExpected = true;
  }

  /** A star that was not loaded. */
  public void withheld(Star star, Warehouse warehouse) {
    console.notice(
        "star "
            + star.name()
            + " was not loaded into "
            + warehouse.place()
            + ", since checks of severity error failed at its last build");
    withheld = true;
  }

  /** Prints everything, as tables or as JSON, and returns the exit code. */
  public int end(Arguments arguments, String runId) {
    int exitCode = exitCode();
    if (arguments.on(CommandSpec.JSON)) {
      console.json(output(runId, exitCode));
      return exitCode;
    }
    files();
    layers();
    checks();
    requests();
    return exitCode;
  }

  private int exitCode() {
    if (landings.stream().anyMatch(l -> !l.of(Outcome.Failed.class).isEmpty())) {
      return ExitCode.FAILED;
    }
    if (withheld || gold.stream().anyMatch(g -> !g.breaches().isEmpty())) {
      return ExitCode.GATE_BREACHED;
    }
    return !refusalsExpected
            && landings.stream().anyMatch(l -> !l.of(Outcome.Rejected.class).isEmpty())
        ? ExitCode.DELIVERY_REFUSED
        : ExitCode.DONE;
  }

  private void files() {
    for (LandingSummary landing : landings) {
      landing
          .of(Outcome.Failed.class)
          .forEach(f -> console.error(f.sourceUri() + " could not be read: " + f.reason()));
      landing
          .of(Outcome.Deferred.class)
          .forEach(d -> console.notice(d.sourceUri() + ": " + d.reason()));
      landing
          .of(Outcome.Skipped.class)
          .forEach(s -> console.notice(s.sourceUri() + " did not land: " + s.reason()));
      landing
          .of(Outcome.Rejected.class)
          .forEach(r -> console.notice(r.sourceUri() + " was kept aside: " + r.reason()));
      long repeated = landing.of(Outcome.Repeated.class).size();
      if (repeated > 0) {
        console.notice(
            repeated + " files were there before, by their content, and did not land again");
      }
    }
  }

  private void layers() {
    List<List<String>> rows = new ArrayList<>();
    for (LandingSummary landing : landings) {
      rows.add(
          row(
              "bronze." + landing.feed(),
              landing.records(),
              landing.landed().size() + " files, " + bytes(landing.bytes()),
              landing.duration()));
    }
    for (SilverSummary summary : silver) {
      FileAccount total = summary.total();
      rows.add(
          row(summary.table(), total.records(), SummaryFormat.fates(total), summary.duration()));
    }
    for (GoldSummary summary : gold) {
      for (GoldSummary.Build build : summary.builds()) {
        Duration took = build.dimensionsTook().plus(build.factsTook());
        build.tables().stream()
            .filter(table -> table.rows() > 0)
            .forEach(table -> rows.add(row(table.table(), table.rows(), changes(table), took)));
      }
    }
    for (LoadSummary load : loads) {
      load.tables().stream()
          .filter(table -> table.rows() > 0)
          .forEach(
              t -> rows.add(row(load.kind() + "." + t.table(), t.rows(), changes(t), load.took())));
    }
    if (rows.isEmpty() || rows.stream().allMatch(r -> r.get(1).equals("0"))) {
      console.line("Nothing new: no table was changed.");
      return;
    }
    console.line("");
    console.table(List.of("table", "rows", "what happened", "seconds", "rows/s"), rows);
  }

  private void requests() {
    S3Requests.Counts sent = S3Requests.sent();
    if (sent.total() > 0) {
      List<String> kinds = new ArrayList<>();
      sent.labelled().forEach((kind, number) -> kinds.add(number(number) + " " + kind));
      console.line("");
      console.line("S3 requests: " + number(sent.total()) + " (" + String.join(", ", kinds) + ")");
    }
  }

  private static String changes(TableChange table) {
    return changes(table.inserted(), table.updated(), table.deleted(), table.version());
  }

  private static String changes(LedgerRow table) {
    return changes(table.inserted(), table.updated(), table.deleted(), table.to().version());
  }

  private static String changes(long inserted, long updated, long deleted, long version) {
    return number(inserted)
        + " inserted, "
        + number(updated)
        + " updated, "
        + number(deleted)
        + " deleted (version "
        + version
        + ")";
  }

  private static List<String> row(String table, long rows, String what, Duration took) {
    double seconds = took.toMillis() / 1000.0;
    return List.of(
        table,
        number(rows),
        what,
        String.format(java.util.Locale.ROOT, "%.1f", seconds),
        seconds == 0 ? "" : number(Math.round(rows / seconds)));
  }

  private void checks() {
    for (GoldSummary summary : gold) {
      List<CheckResult> failed = summary.checks().stream().filter(c -> !c.passed()).toList();
      if (summary.checks().isEmpty()) {
        continue;
      }
      console.line("");
      console.line(
          "star "
              + summary.star()
              + ": "
              + (summary.checks().size() - failed.size())
              + " of "
              + summary.checks().size()
              + " checks passed"
              + (summary.builds().isEmpty() ? " at its last build" : ""));
      failed.stream().limit(MAX_LISTED).forEach(this::failure);
      if (failed.size() > MAX_LISTED) {
        console.line("  … and " + (failed.size() - MAX_LISTED) + " more in ops.check_results");
      }
    }
  }

  private void failure(CheckResult check) {
    console.line(
        "  "
            + (check.breaches() ? "FAILED " : "warning ")
            + check.check()
            + " on "
            + check.table()
            + ": "
            + number(check.violations())
            + " violations"
            + check.sample().map(s -> ", such as " + s).orElse(""));
  }

  private RunOutput output(String runId, int exitCode) {
    return new RunOutput(
        runId,
        exitCode,
        landings.stream().map(RunOutput.Landing::of).toList(),
        silver.stream().map(RunOutput.Silver::of).toList(),
        gold.stream().map(RunOutput.Gold::of).toList(),
        S3Requests.sent().labelled(),
        loads.stream().map(RunOutput.Load::of).toList());
  }
}

package io.medallion.jobs;

import static io.medallion.jobs.cli.Console.number;

import io.medallion.bronze.LandingPreview;
import io.medallion.bronze.LandingSummary;
import io.medallion.bronze.Outcome;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.silver.SilverPreview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/** {@code medallion plan}: what a run would do. The lake is read, never written. */
public final class PlanJob extends Job {

  public static void main(String[] line) {
    main(new PlanJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "plan",
        "Show what a run would do with these files; the lake is not written.",
        List.of(CommandSpec.SOURCE, CommandSpec.FEED),
        List.of("medallion plan --source /drop/2026-11-20 --lake ./lake"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) throws IOException {
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.openToCompute(arguments);
    Path scratch = Files.createTempDirectory("medallion-plan");
    try {
      String feed = arguments.text(CommandSpec.FEED);
      Contract contract = lakehouse.configuration().contractOfFeed(feed);
      LedgerReader ledger = LedgerReader.of(lakehouse.reader());
      Lake scratchLake = new Lake(scratch.toUri().toString());
      LandingSummary landing =
          new LandingPreview(
                  lakehouse.reader(), contract, contract.feed(feed), lakehouse.clock(), "plan")
              .of(arguments.all(CommandSpec.SOURCE), scratchLake);
      List<SilverPreview.Source> sources =
          new ArrayList<>(
              List.of(new SilverPreview.Source(scratchLake.root(), List.copyOf(landing.landed()))));
      List<ManifestFile> pending = Reconciliation.pendingFiles(lakehouse, contract);
      if (!pending.isEmpty()) {
        sources.add(new SilverPreview.Source(lakehouse.lake().root(), pending));
      }
      Map<String, List<String>> keys = keys(lakehouse, contract);
      SilverPreview plan =
          SilverPreview.withoutSession(lakehouse.reader(), ledger, contract, sources, keys)
              .orElseGet(() -> bySession(arguments, contract, sources, keys));
      if (arguments.on(CommandSpec.JSON)) {
        console.json(output(landing, pending, plan));
      } else {
        print(landing, pending, plan, console);
      }
      return ExitCode.DONE;
    } finally {
      FileUtils.deleteDirectory(scratch.toFile());
    }
  }

  /** Of many records, which one process does not hold, and of events. */
  private static SilverPreview bySession(
      Arguments arguments,
      Contract contract,
      List<SilverPreview.Source> sources,
      Map<String, List<String>> keys) {
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      return SilverPreview.of(
          lakehouse.spark(), lakehouse.lake(), lakehouse.ledger(), contract, sources, keys);
    }
  }

  private static Map<String, List<String>> keys(ReadOnlyLakehouse lakehouse, Contract contract) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      for (Star.Dimension dimension : star.dimensions()) {
        keys.put(
            "gold." + dimension.table(),
            dimension.businessKey().stream().map(Star.Attribute::expression).toList());
      }
    }
    return keys;
  }

  private static void print(
      LandingSummary landing, List<ManifestFile> pending, SilverPreview plan, Console console) {
    Map<String, FileAccount> accounts =
        plan.accounts().stream().collect(Collectors.toMap(FileAccount::fileId, a -> a));
    List<List<String>> rows = new ArrayList<>();
    for (Outcome outcome : landing.outcomes()) {
      if (outcome instanceof Outcome.Landed landed) {
        rows.add(row(landed.file(), "would land", accounts));
      } else {
        rows.add(List.of(name(outcome.sourceUri()), described(outcome), "", "", "", "", ""));
      }
    }
    pending.forEach(file -> rows.add(row(file, "has landed", accounts)));
    console.table(
        List.of("file", "bronze", "records", "accepted", "duplicates", "superseded", "quarantined"),
        rows);
    plan.affectedKeys()
        .forEach(
            (table, keys) -> console.line(table + ": up to " + number(keys) + " members change"));
    console.line("Nothing was written.");
  }

  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private static String described(Outcome outcome) {
    if (outcome instanceof Outcome.Repeated) {
      return "there already";
    } else if (outcome instanceof Outcome.Rejected rejected) {
      return "would be kept aside: " + rejected.reason();
    } else if (outcome instanceof Outcome.Deferred deferred) {
      return deferred.reason();
    } else if (outcome instanceof Outcome.Skipped skipped) {
      return "would not land: " + skipped.reason();
    } else if (outcome instanceof Outcome.Failed failed) {
      return "cannot be read: " + failed.reason();
    }
    return "would land";
  }

  private static List<String> row(
      ManifestFile file, String outcome, Map<String, FileAccount> accounts) {
    FileAccount account =
        accounts.getOrDefault(file.fileId(), new FileAccount(file.fileId(), 0, 0, 0, 0, 0));
    return List.of(
        name(file.sourceUri()),
        outcome,
        number(file.recordCount()),
        number(account.accepted()),
        number(account.duplicates()),
        number(account.superseded()),
        number(account.quarantined()));
  }

  /** What {@code --json} prints. */
  private record Output(
      List<SourceFile> files,
      List<String> pendingFiles,
      List<FileAccount> accounts,
      Map<String, Long> affectedKeys) {}

  private record SourceFile(String source, String fate) {}

  private static Output output(
      LandingSummary landing, List<ManifestFile> pending, SilverPreview plan) {
    return new Output(
        landing.outcomes().stream()
            .map(outcome -> new SourceFile(outcome.sourceUri(), described(outcome)))
            .toList(),
        pending.stream().map(ManifestFile::sourceUri).toList(),
        plan.accounts(),
        plan.affectedKeys());
  }
}

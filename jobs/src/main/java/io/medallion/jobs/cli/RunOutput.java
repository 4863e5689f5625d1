package io.medallion.jobs.cli;

import io.medallion.bronze.LandingSummary;
import io.medallion.bronze.Outcome;
import io.medallion.core.contract.Severity;
import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.table.TableChange;
import io.medallion.silver.SilverSummary;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.LoadSummary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code --json} prints of a {@link Report}: the layers' summaries under documented keys. */
record RunOutput(
    String runId,
    int exitCode,
    List<Landing> bronze,
    List<Silver> silver,
    List<Gold> gold,
    Map<String, Long> s3Requests,
    List<Load> warehouse) {

  record Landing(
      String feed,
      int filesLanded,
      int filesRepeated,
      List<File> filesRejected,
      List<File> filesDeferred,
      List<File> filesSkipped,
      List<File> filesFailed,
      long records,
      long bytes,
      Duration duration) {

    static Landing of(LandingSummary landing) {
      return new Landing(
          landing.feed(),
          landing.landed().size(),
          landing.of(Outcome.Repeated.class).size(),
          landing.of(Outcome.Rejected.class).stream()
              .map(file -> new File(file.sourceUri(), file.reason()))
              .toList(),
          landing.of(Outcome.Deferred.class).stream()
              .map(file -> new File(file.sourceUri(), file.reason()))
              .toList(),
          landing.of(Outcome.Skipped.class).stream()
              .map(file -> new File(file.sourceUri(), file.reason()))
              .toList(),
          landing.of(Outcome.Failed.class).stream()
              .map(file -> new File(file.sourceUri(), String.valueOf(file.reason())))
              .toList(),
          landing.records(),
          landing.bytes(),
          landing.duration());
    }
  }

  /** A file that did not land, and why. */
  record File(String source, String reason) {}

  record Silver(
      String table,
      String job,
      long batch,
      long files,
      long records,
      long accepted,
      long duplicates,
      long superseded,
      long quarantined,
      long version,
      Duration duration) {

    static Silver of(SilverSummary summary) {
      FileAccount total = summary.total();
      return new Silver(
          summary.table(),
          summary.job(),
          summary.batchId(),
          summary.files(),
          total.records(),
          total.accepted(),
          total.duplicates(),
          total.superseded(),
          total.quarantined(),
          summary.version(),
          summary.duration());
    }
  }

  record Gold(
      String star,
      List<TableChange> tables,
      long factsRepointed,
      int checks,
      List<FailedCheck> checksFailed) {

    static Gold of(GoldSummary summary) {
      return new Gold(
          summary.star(),
          summary.builds().stream().flatMap(build -> build.tables().stream()).toList(),
          summary.builds().stream().mapToLong(GoldSummary.Build::repointed).sum(),
          summary.checks().size(),
          summary.checks().stream().filter(check -> !check.passed()).map(FailedCheck::of).toList());
    }
  }

  record FailedCheck(String check, String table, Severity severity, long violations) {
    static FailedCheck of(CheckResult check) {
      return new FailedCheck(check.check(), check.table(), check.severity(), check.violations());
    }
  }

  record Load(
      String star,
      String warehouse,
      String place,
      List<LoadedTable> tables,
      List<String> viewsReplaced,
      Duration duration,
      Optional<String> note) {

    static Load of(LoadSummary load) {
      return new Load(
          load.star(),
          load.kind(),
          load.place(),
          load.tables().stream().map(LoadedTable::of).toList(),
          load.viewsReplaced(),
          load.took(),
          load.note());
    }
  }

  record LoadedTable(
      String table,
      Optional<Long> fromVersion,
      long toVersion,
      long inserted,
      long updated,
      long deleted,
      long rows) {

    static LoadedTable of(LedgerRow row) {
      return new LoadedTable(
          row.table(),
          row.fromVersion().stream().boxed().findFirst(),
          row.to().version(),
          row.inserted(),
          row.updated(),
          row.deleted(),
          row.rowsAfter());
    }
  }
}

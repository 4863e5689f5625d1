package io.medallion.gold.build;

import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.spark.Parallel;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckedRows;
import io.medallion.gold.check.DriverChecks;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.RowDifference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commits an update that was computed in the driver's memory, and checks what it changed. */
final class DriverCommits {
  private final StarTables tables;
  private final DriverUpdate update;
  private final long sourceVersion;
  private final CommitLabel label;

  /**
   * @param sourceVersion the version of the source that the update brings the star up to: it
   *     numbers the commits, so that of two builds at the same time only one makes each
   */
  DriverCommits(StarTables tables, DriverUpdate update, long sourceVersion) {
    this.tables = tables;
    this.update = update;
    this.sourceVersion = sourceVersion;
    this.label = CommitLabel.of("medallion/gold/" + tables.star().name(), sourceVersion);
  }

  /**
   * Commits dimensions and calendar, and then the facts that refer to them.
   *
   * @param last the last build, which left the tables as they are
   * @throws io.medallion.core.ledger.ConservationException where facts and source do not add up:
   *     nothing is committed
   */
  Update apply(Entry last, int threads, List<CheckResult> lastResults, Update.Commits commits) {
    Stopwatch watch = new Stopwatch();
    Map<String, Long> rowCounts = conserved(last);
    List<Parallel.Work> work = new ArrayList<>();
    update
        .dimensionDifferences()
        .forEach((table, difference) -> work.add(commit(tables.gold(table), difference, commits)));
    tables
        .dimensions()
        .calendar()
        .ifPresent(
            calendar ->
                work.add(
                    new Parallel.Work(
                        calendar.table().qualifiedName(),
                        () ->
                            commits.committed(
                                calendar.extend(update.years(), update.coveredYears())))));
    Parallel.run(tables.spark(), threads, work);
    Duration dimensionsTook = watch.lap();
    for (FactTable fact : tables.facts()) {
      commits.committed(
          update
              .factUpdates()
              .get(fact.table().name())
              .difference()
              .commit(fact.table(), fact.fact().grain(), label));
    }
    Duration factsTook = watch.lap();
    List<CheckResult> results = check(update.checkedRows(tables.source(), rowCounts), lastResults);
    return new Update(
        update.rowsIn(), update.repointed(), results, dimensionsTook, factsTook, watch.lap());
  }

  private Parallel.Work commit(LakeTable table, RowDifference difference, Update.Commits commits) {
    List<String> key =
        List.of(tables.dimensions().byTable().get(table.name()).dimension().surrogateKey());
    return new Parallel.Work(
        table.qualifiedName(), () -> commits.committed(difference.commit(table, key, label)));
  }

  /** Rows that the source has and the facts will have, by qualified name. */
  private Map<String, Long> conserved(Entry last) {
    Map<String, Long> rowCounts = new HashMap<>();
    long sourceRows = GoldTable.rows(tables.source(), sourceVersion);
    rowCounts.put(tables.source().qualifiedName(), sourceRows);
    for (FactTable fact : tables.facts()) {
      LakeTable table = fact.table();
      RowDifference difference = update.factUpdates().get(table.name()).difference();
      long rows =
          GoldTable.rows(table, last.versions().get(table.qualifiedName()))
              + difference.inserted()
              - difference.deleted();
      fact.conserve(rows, sourceRows);
      rowCounts.put(table.qualifiedName(), rows);
    }
    return rowCounts;
  }

  /** Checks by the update's rows, and by the tables what these do not decide. */
  private List<CheckResult> check(CheckedRows rows, List<CheckResult> lastResults) {
    Star star = tables.star();
    DriverChecks checks = new DriverChecks(tables.spark(), star, rows, lastResults);
    Map<String, CheckResult> results = checks.results();
    List<Star.Check> left =
        star.checks().stream().filter(check -> !results.containsKey(check.name())).toList();
    if (!left.isEmpty()) {
      tables
          .checks(star.withChecks(left), sourceVersion, checks.changedRows())
          .evaluate()
          .forEach(result -> results.put(result.check(), result));
    }
    return star.checks().stream().map(check -> results.get(check.name())).toList();
  }
}

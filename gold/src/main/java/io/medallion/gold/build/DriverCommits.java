package io.medallion.gold.build;

import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.spark.Parallel;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckedRows;
import io.medallion.gold.check.DriverChecks;
import io.medallion.gold.dimension.DateDimensionTable;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.RowDifference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commits an update that was computed in the driver's memory, and checks what it changed. */
final class DriverCommits {
  private final StarTables tables;
  private final DriverUpdate update;
  private final long sourceVersion;
  private final CommitLabel label;

  /**
   * @param sourceVersion the version of the source that the update brings the star up to
   * @param label of its commits
   */
  DriverCommits(StarTables tables, DriverUpdate update, long sourceVersion, CommitLabel label) {
    this.tables = tables;
    this.update = update;
    this.sourceVersion = sourceVersion;
    this.label = label;
  }

  /**
   * Commits dimensions and calendar, and then the facts that refer to them.
   *
   * @param lastResults of the last build; absent for the first one
   * @throws io.medallion.core.ledger.ConservationException where facts and source do not add up:
   *     nothing is committed
   */
  Update apply(int threads, Optional<List<CheckResult>> lastResults, Update.Commits commits) {
    Stopwatch watch = new Stopwatch();
    Map<String, Long> rowCounts = conserved();
    List<Parallel.Work> work = new ArrayList<>();
    update
        .dimensionDifferences()
        .forEach(
            (table, difference) ->
                work.add(commit(tables.gold(table), keyOf(table), difference, commits)));
    update
        .calendarDifference()
        .ifPresent(
            difference ->
                work.add(
                    commit(
                        tables.dimensions().calendar().orElseThrow().table(),
                        List.of(DateDimensionTable.KEY),
                        difference,
                        commits)));
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

  private Parallel.Work commit(
      LakeTable table, List<String> key, RowDifference difference, Update.Commits commits) {
    return new Parallel.Work(
        table.qualifiedName(), () -> commits.committed(difference.commit(table, key, label)));
  }

  private List<String> keyOf(String dimension) {
    return List.of(tables.dimensions().byTable().get(dimension).dimension().surrogateKey());
  }

  /** Rows that the source has and the facts will have, by qualified name. */
  private Map<String, Long> conserved() {
    Map<String, Long> rowCounts = new HashMap<>();
    long sourceRows = tables.source().rowCount(sourceVersion);
    rowCounts.put(tables.source().qualifiedName(), sourceRows);
    for (FactTable fact : tables.facts()) {
      LakeTable table = fact.table();
      RowDifference difference = update.factUpdates().get(table.name()).difference();
      long rows = table.rowCount(table.version()) + difference.inserted() - difference.deleted();
      fact.conserve(rows, sourceRows);
      rowCounts.put(table.qualifiedName(), rows);
    }
    return rowCounts;
  }

  /** Checks by the update's rows, and by the tables what these do not decide. */
  private List<CheckResult> check(CheckedRows rows, Optional<List<CheckResult>> lastResults) {
    Star star = tables.star();
    DriverChecks checks =
        lastResults.isPresent()
            ? DriverChecks.ofChanges(tables.spark(), star, rows, lastResults.get())
            : DriverChecks.ofAllRows(tables.spark(), star, rows);
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

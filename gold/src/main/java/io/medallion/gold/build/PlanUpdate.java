package io.medallion.gold.build;

import io.medallion.core.lake.CommitLabel;
import io.medallion.core.ledger.Entry;
import io.medallion.gold.check.ChangedRows;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.dimension.AffectedKeys;
import io.medallion.gold.dimension.AffectedRows;
import io.medallion.gold.dimension.MemberKeys;
import io.medallion.gold.dimension.SilverChanges;
import io.medallion.gold.dimension.StarDimensions;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.table.TableChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * An update of a star by Spark's plans: for changes that are too many for the driver's memory, and
 * after a build that was ended between two of its commits.
 *
 * <p>Every table is compared with what follows from the source, and only the difference is
 * committed. A build that was interrupted therefore ends in the same content when it runs again.
 * Which facts to re-point follows from the commits to the dimensions since the last build.
 */
final class PlanUpdate {
  private final StarTables tables;
  private final int threads;
  private final CommitLabel label;

  PlanUpdate(StarTables tables, int threads, CommitLabel label) {
    this.tables = tables;
    this.threads = threads;
    this.label = label;
  }

  /**
   * Brings the star up to a version of the source.
   *
   * @param last the last build
   * @param firstVersion the first version of the source that it did not see
   * @param lastResults of the last build's checks
   */
  Update apply(
      Entry last,
      long firstVersion,
      long sourceVersion,
      List<CheckResult> lastResults,
      Update.Commits commits) {
    Stopwatch watch = new Stopwatch();
    Dataset<Row> rows = tables.sourceAt(sourceVersion);
    StarDimensions dimensions = tables.dimensions();
    Map<String, TableChange> changes = new ConcurrentHashMap<>();
    Update.Commits noting =
        change -> {
          changes.put(change.table(), change);
          commits.committed(change);
        };
    Map<String, MemberKeys> toRepoint = Map.of();
    try (SilverChanges silver =
            SilverChanges.between(
                tables.source(), firstVersion, sourceVersion, tables.sourceKey());
        AffectedKeys affectedKeys = dimensions.affectedKeys(silver, last.versions(), threads);
        AffectedRows affectedRows =
            AffectedRows.of(
                rows, affectedKeys.memberKeys(), tables.star().facts(), tables.sourceKey())) {
      StarDimensions.SourceRows changed = dimensions.scan(silver.images());
      // An interrupted build may have committed versions of members that are not affected now.
      boolean resumed = dimensions.haveChangedSince(last.versions());
      long repointed = 0;
      Duration dimensionsTook;
      try (LabelledCommits labelled = LabelledCommits.of(tables.spark(), label)) {
        toRepoint =
            dimensions.update(
                affectedKeys,
                affectedRows.rows(),
                changed.years(),
                last.versions(),
                threads,
                noting::committed);
        dimensionsTook = watch.lap();
        long sourceRows = tables.source().rowCount(sourceVersion);
        for (FactTable fact : tables.facts()) {
          FactTable.Update update =
              fact.update(
                  silver,
                  resumed ? rows : affectedRows.rows(),
                  sourceRows,
                  toRepoint,
                  last.versions().get(fact.table().qualifiedName()));
          noting.committed(update.change());
          repointed += update.repointed();
        }
      }
      Duration factsTook = watch.lap();
      List<CheckResult> results =
          tables
              .checks(
                  tables.star(),
                  sourceVersion,
                  ChangedRows.since(
                      last, tables.source(), silver, tables.facts(), changes, lastResults))
              .evaluate();
      return new Update(
          changed.count(), repointed, results, dimensionsTook, factsTook, watch.lap());
    } finally {
      toRepoint.values().forEach(MemberKeys::close);
    }
  }
}

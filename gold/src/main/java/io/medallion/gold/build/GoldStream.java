package io.medallion.gold.build;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.OvertakenBuildException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Keeps a star up to date: each build brings dimensions, calendar, facts and check results up to
 * the latest version of the source. Whether there is anything to build follows from the source's
 * log and the last build in the ledger; nothing else is kept.
 */
public final class GoldStream implements AutoCloseable {
  /** How often a build that another one got in the way of begins anew. */
  private static final int ATTEMPTS = 3;

  private final SparkSession spark;
  private final Lake lake;
  private final Star star;
  private final GoldBatch batch;

  /**
   * Of one star.
   *
   * @param contract the contract of the star's source
   * @param runId this process, for ledger and check results
   */
  public GoldStream(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Star star,
      Clock clock,
      String runId) {
    this(spark, lake, ledger, contract, star, clock, runId, table -> {});
  }

  GoldStream(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Star star,
      Clock clock,
      String runId,
      CommitPoint commitPoint) {
    this.spark = spark;
    this.lake = lake;
    this.star = star;
    // Builds change settings of their session. A new session would lack settings made since the
    // start; a clone has them.
    this.batch =
        new GoldBatch(
            spark.cloneSession(), lake, ledger, contract, star, clock, runId, commitPoint);
  }

  /** Whether the star exists as its last build left it, built by today's definition. */
  public boolean isUpToDate() {
    return batch.last().filter(last -> batch.reasonToRebuild(last).isEmpty()).isPresent();
  }

  /**
   * Declares that the source is written while the star is built: then a version of it is read by
   * its number, though it is the latest one now.
   */
  public void concurrentSource() {
    batch.concurrentSource();
  }

  /**
   * Processes what silver has, and returns.
   *
   * @return what was done
   * @throws io.medallion.core.ledger.ConservationException where facts and silver do not add up
   */
  public GoldSummary run() {
    if (!batch.source().exists()) {
      return new GoldSummary(
          star.name(),
          List.of(),
          List.of(),
          Optional.of(batch.source() + " does not exist yet: run bronze and silver first"));
    }
    Optional<GoldSummary.Build> build = build();
    List<CheckResult> checks =
        build
            .map(GoldSummary.Build::checks)
            .orElseGet(() -> new CheckResults(spark, lake).latest(star.name()));
    return new GoldSummary(star.name(), build.stream().toList(), checks, Optional.empty());
  }

  /**
   * Brings the star up to the source's latest version.
   *
   * @return what was done, after the ledger has recorded it; absent where the source does not exist
   *     yet or nothing in it has changed
   * @throws io.medallion.core.ledger.ConservationException where facts and silver do not add up
   */
  public Optional<GoldSummary.Build> build() {
    for (int attempt = 1; ; attempt++) {
      try {
        return batch.source().exists() && batch.isDue()
            ? batch.buildTo(batch.source().version())
            : Optional.empty();
      } catch (OvertakenBuildException | DeltaConcurrentModificationException e) {
        // Another process builds the star, or compacts its tables: what it left is looked at anew.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        batch.forgetLast();
      }
    }
  }

  /** What the last build changed, as far as it is in memory. */
  public BuildChanges changes() {
    return batch.changes();
  }

  /**
   * Evaluates every check on all rows that the star has now, and of its source those that the last
   * build saw. Nothing is written.
   *
   * @return absent where the star was never built
   * @throws LakeException where it was built by another definition than today's, whose checks may
   *     name what its tables do not have
   */
  public Optional<FullCheck> checkAll() {
    Optional<Entry> last = batch.last();
    Optional<String> stale = last.flatMap(batch::reasonToRebuild);
    if (stale.isPresent()) {
      throw new LakeException(
          "star " + star.name() + " cannot be checked as it stands: " + stale.get(),
          "build it first: medallion gold --star " + star.name());
    }
    return last.map(batch::checkAll);
  }

  /** Releases what is cached from build to build. */
  @Override
  public void close() {
    batch.close();
  }
}

package io.medallion.gold.build;

import io.medallion.gold.check.CheckResult;
import io.medallion.gold.table.TableChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run of gold did for one star.
 *
 * @param star its name
 * @param builds in order; empty where silver had nothing new
 * @param checks the results of the last build, this run's or an earlier one's
 * @param note why nothing could be done, absent where the run was an ordinary one
 */
public record GoldSummary(
    String star, List<Build> builds, List<CheckResult> checks, Optional<String> note) {

  public GoldSummary {
    builds = List.copyOf(builds);
    checks = List.copyOf(checks);
  }

  /** Failed checks of severity error: the star must not be trusted. */
  public List<CheckResult> breaches() {
    return checks.stream().filter(CheckResult::breaches).toList();
  }

  /**
   * One build: what one batch of silver's changes did to the star.
   *
   * @param number the build's number in the ledger, counted per star
   * @param silverVersion the version of the source that the star now mirrors
   * @param rebuilt why everything was built from nothing; absent where only changes were applied
   * @param rowsIn rows of the source that the build took in
   * @param tables every table of the star, also those that did not change
   * @param repointed facts that refer to another dimension version than before, though their own
   *     source row did not change
   * @param checks results of the star's checks
   * @param startedAt when it began
   * @param finishedAt when the ledger had recorded it
   * @param dimensionsTook time for dimensions and calendar
   * @param factsTook time for fact tables
   * @param checksTook time for the checks
   */
  public record Build(
      long number,
      long silverVersion,
      Optional<String> rebuilt,
      long rowsIn,
      List<TableChange> tables,
      long repointed,
      List<CheckResult> checks,
      Instant startedAt,
      Instant finishedAt,
      Duration dimensionsTook,
      Duration factsTook,
      Duration checksTook) {
    public Build {
      tables = List.copyOf(tables);
      checks = List.copyOf(checks);
    }

    /** Rows inserted, updated or deleted in all tables. */
    public long rowsWritten() {
      return tables.stream().mapToLong(TableChange::rows).sum();
    }
  }
}

package io.medallion.gold.build;

import io.medallion.gold.check.CheckResult;
import io.medallion.gold.table.TableChange;
import java.time.Duration;
import java.util.List;

/**
 * What one update did to a star.
 *
 * @param rowsIn rows of the source that it took in
 * @param repointed facts that refer to another version, though their own row did not change
 */
record Update(
    long rowsIn,
    long repointed,
    List<CheckResult> results,
    Duration dimensionsTook,
    Duration factsTook,
    Duration checksTook) {

  /** Is told each commit to a table of the star, at once. */
  interface Commits {
    void committed(TableChange change);
  }
}

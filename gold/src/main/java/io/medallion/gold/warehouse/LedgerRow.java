package io.medallion.gold.warehouse;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A row of {@code medallion_loads}: what one load did to one table.
 *
 * @param star the star
 * @param load the load's number, counted per star
 * @param table the table
 * @param fromVersion the version that the table held before; absent where everything was loaded
 *     anew
 * @param to the version that it holds now
 * @param inserted rows that came; all rows, where everything was loaded anew
 * @param updated rows that changed; 0 where everything was loaded anew
 * @param deleted rows that went; the rows that were there, where everything was loaded anew
 * @param rowsAfter rows of the table at the end
 * @param runId the process, as in {@code ops.runs}
 * @param loadedAt when the load began
 */
public record LedgerRow(
    String star,
    long load,
    String table,
    OptionalLong fromVersion,
    GoldVersion to,
    long inserted,
    long updated,
    long deleted,
    long rowsAfter,
    String runId,
    Instant loadedAt) {

  /** Rows inserted, updated or deleted. */
  public long rows() {
    return inserted + updated + deleted;
  }
}

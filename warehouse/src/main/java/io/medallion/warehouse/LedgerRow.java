package io.medallion.warehouse;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A row of {@code medallion_loads}: what one load did to one table.
 *
 * @param star the star
 * @param load the load's number, counted per star
 * @param table the table
 * @param fromVersion the table's version before; absent where everything was loaded anew
 * @param to its version now
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

  /** The row of an increment. */
  public static LedgerRow changed(StarLoad star, TableLoad.Increment load) {
    return of(
        star,
        load,
        OptionalLong.of(load.from().orElseThrow().version()),
        load.inserted(),
        load.updated(),
        load.deleted());
  }

  /**
   * The row of a replacement.
   *
   * @param before rows that were there
   */
  public static LedgerRow replaced(StarLoad star, TableLoad.Replacement load, long before) {
    return of(star, load, OptionalLong.empty(), load.rowsAfter(), 0, before);
  }

  private static LedgerRow of(
      StarLoad star, TableLoad load, OptionalLong from, long inserted, long updated, long deleted) {
    return new LedgerRow(
        star.star(),
        star.load(),
        load.table().name(),
        from,
        load.to(),
        inserted,
        updated,
        deleted,
        load.rowsAfter(),
        star.runId(),
        star.startedAt());
  }

  /** Rows inserted, updated or deleted. */
  public long rows() {
    return inserted + updated + deleted;
  }
}

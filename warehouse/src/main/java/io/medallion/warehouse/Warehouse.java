package io.medallion.warehouse;

import java.util.List;

/**
 * A database outside the lake into which stars are loaded.
 *
 * <p>A warehouse has three control tables, which change in the same transaction as the data: {@code
 * medallion_tables} (the version of each table), {@code medallion_loads} (one row per load and
 * table, never changed) and {@code medallion_views}. Nothing outside the warehouse records how far
 * it is. Therefore a load that was killed, repeated, or run twice at once ends in the same state.
 */
public interface Warehouse extends LoadedWarehouse {

  /** What the warehouse holds of a star; {@link WarehouseState#EMPTY} where it holds nothing. */
  WarehouseState state(String star);

  /**
   * Applies a load, all of it or nothing: every table, its rows in the control tables, and views
   * whose definition changed. Readers see the star as before or as after, and never a table without
   * the others or with fewer rows.
   *
   * <p>An implementation must hold to all of this:
   *
   * <ul>
   *   <li>A table's {@link TableLoad#from()} is compared with the control table inside the
   *       transaction. Where another load has advanced the table, nothing is applied.
   *   <li>Columns are matched by name. A table that does not exist is created with types, NOT NULL
   *       and comments.
   *   <li>What was written is counted: rows that arrived against rows that were sent, rows
   *       inserted, updated and deleted against {@link TableLoad.Increment}, rows of the table
   *       afterwards against {@link TableLoad#rowsAfter()}. A difference rolls everything back.
   *   <li>The views of the load are what the star has afterwards: changed ones are replaced, those
   *       no longer named are dropped.
   * </ul>
   *
   * @return the rows that {@code medallion_loads} got, in order of the load's tables
   * @throws StaleLoadException where {@link TableLoad#from()} does not hold (any more)
   * @throws io.medallion.core.ledger.ConservationException where counts differ
   * @throws io.medallion.core.LakeException where the warehouse refuses for another reason
   */
  List<LedgerRow> apply(StarLoad load);
}

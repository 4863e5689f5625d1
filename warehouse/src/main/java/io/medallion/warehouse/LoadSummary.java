package io.medallion.warehouse;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a load did.
 *
 * @param star the star
 * @param kind the kind of warehouse
 * @param place where the warehouse is
 * @param tables what was done to each table, in the order of the load; empty where there was
 *     nothing new
 * @param viewsReplaced names of the views that were made or made anew
 * @param took from beginning to end
 * @param note why nothing could be done, or why everything was loaded anew; absent where the load
 *     was an ordinary one
 */
public record LoadSummary(
    String star,
    String kind,
    String place,
    List<LedgerRow> tables,
    List<String> viewsReplaced,
    Duration took,
    Optional<String> note) {

  public LoadSummary {
    tables = List.copyOf(tables);
    viewsReplaced = List.copyOf(viewsReplaced);
  }

  /** Rows inserted, updated or deleted in all tables. */
  public long rows() {
    return tables.stream().mapToLong(LedgerRow::rows).sum();
  }
}

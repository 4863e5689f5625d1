package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.broadcast;

import io.medallion.core.spark.KeptRows;
import io.medallion.gold.table.GoldTable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The business keys of some members of one dimension.
 *
 * @param keys their business keys, once each, and further columns; broadcast in a join where they
 *     are few
 * @param kept the stored keys; absent where the keys are in the driver's memory
 */
public record MemberKeys(
    DimensionTable dimension, Dataset<Row> keys, boolean isEmpty, Optional<KeptRows> kept)
    implements AutoCloseable {
  /** Up to this many are collected into the driver's memory. */
  private static final int FEW = 20_000;

  /** Up to this many are broadcast. */
  private static final long SMALL = 500_000;

  /** Looks up which ones {@code keys} names. */
  static MemberKeys of(DimensionTable dimension, Dataset<Row> keys) {
    // Computed now, since they follow from the dimension as it is before the next commit to it.
    KeptRows kept = KeptRows.of(keys);
    List<Row> first = kept.computed().take(FEW + 1);
    if (first.size() <= FEW) {
      kept.close();
      Dataset<Row> local = GoldTable.local(keys.sparkSession(), first, keys.schema());
      return new MemberKeys(dimension, broadcast(local), first.isEmpty(), Optional.empty());
    }
    boolean small = kept.computed().count() <= SMALL;
    return new MemberKeys(
        dimension, small ? broadcast(kept.rows()) : kept.rows(), false, Optional.of(kept));
  }

  @Override
  public void close() {
    kept.ifPresent(KeptRows::close);
  }
}

package io.medallion.gold;

import static org.apache.spark.sql.functions.broadcast;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Members of one dimension.
 *
 * @param keys their business keys, once each, and what else is told of them; broadcast in a join
 *     where they are few
 */
record Members(DimensionTable dimension, Dataset<Row> keys, boolean isEmpty)
    implements AutoCloseable {
  /** Up to this many are held by the driver. */
  private static final int FEW = 20_000;

  /** Up to this many are broadcast. */
  private static final long SMALL = 500_000;

  /** Looks up which ones {@code keys} names. */
  static Members of(DimensionTable dimension, Dataset<Row> keys) {
    Dataset<Row> kept = keys.persist(StorageLevel.MEMORY_AND_DISK());
    List<Row> first = kept.limit(FEW + 1).collectAsList();
    if (first.size() <= FEW) {
      kept.unpersist();
      Dataset<Row> local = GoldTable.local(keys.sparkSession(), first, keys.schema());
      return new Members(dimension, broadcast(local), first.isEmpty());
    }
    return new Members(dimension, kept.count() <= SMALL ? broadcast(kept) : kept, false);
  }

  @Override
  public void close() {
    keys.unpersist();
  }
}

package io.medallion.gold.table;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows to insert, update and delete so that a table has the wanted content, computed once.
 *
 * @param rows the rows, each with its {@link #OPERATION}
 * @param counts how many rows each operation has
 */
public record Difference(Dataset<Row> rows, Map<String, Long> counts) implements AutoCloseable {
  /** What to do with a row. */
  public static final String OPERATION = "_operation";

  /**
   * Up to this many are collected into the driver's memory: after a commit Spark computes anew what
   * it has cached of the table, and a MERGE computes its source several times.
   */
  private static final int FEW = 50_000;

  /** Computes the rows. */
  public static Difference of(Dataset<Row> rows) {
    Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    Map<String, Long> counts = new HashMap<>();
    kept.groupBy(col(OPERATION))
        .agg(sum(lit(1L)))
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return new Difference(local(kept, all), counts);
  }

  /**
   * Collects cached rows into the driver's memory where they are few.
   *
   * @param count how many there are
   */
  public static Dataset<Row> local(Dataset<Row> kept, long count) {
    if (count > FEW) {
      return kept;
    }
    List<Row> few = count == 0 ? List.of() : kept.collectAsList();
    kept.unpersist();
    return broadcast(GoldTable.local(kept.sparkSession(), few, kept.schema()));
  }

  /** How many rows have the operation. */
  public long count(String operation) {
    return counts.getOrDefault(operation, 0L);
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}

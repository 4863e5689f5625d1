package io.medallion.jobs.maintenance;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts small files of tables together where they have become many.
 *
 * <p>Every run leaves files, and every run reads silver and the star: without this, what a run asks
 * of the file system would grow with the number of runs before it. Files that are large stay as
 * they are, so that the work is in proportion to what came since.
 */
public final class Compaction {
  /** Fewer do not pay for the work. */
  static final long SMALL_FILES = 10;

  /** So that no run pays for all tables at once. */
  private static final int TABLES_PER_RUN = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
  private static final long LARGE_BYTES = 64L << 20;

  private Compaction() {}

  /**
   * Compacts what is read whole, the contract's table and the stars' tables, and the quarantine,
   * which gets a file with every batch.
   */
  public static void run(Lakehouse lakehouse, Contract contract, List<Star> stars) {
    SparkSession spark = lakehouse.spark();
    List<LakeTable> tables = new ArrayList<>();
    tables.add(lakehouse.lake().table(spark, Lake.Layer.SILVER, contract.table()));
    tables.add(lakehouse.lake().quarantine(spark));
    for (Star star : stars) {
      Stream.concat(
              star.dimensions().stream().map(Star.Dimension::table),
              star.facts().stream().map(Star.Fact::table))
          .forEach(name -> tables.add(lakehouse.lake().table(spark, Lake.Layer.GOLD, name)));
    }
    tables.stream()
        .filter(LakeTable::exists)
        .filter(table -> table.smallFiles(LARGE_BYTES) >= SMALL_FILES)
        .sorted(Comparator.comparing(table -> -table.smallFiles(LARGE_BYTES)))
        .limit(TABLES_PER_RUN)
        .forEach(table -> compact(table, LARGE_BYTES));
  }

  /**
   * Compacts a table's files below {@code largeBytes} into files of up to twice that size.
   *
   * <p>Where another job changes the same files, a later compaction does it.
   */
  static void compact(LakeTable table, long largeBytes) {
    Map<String, String> sizes =
        Map.of(
            "spark.databricks.delta.optimize.minFileSize", String.valueOf(largeBytes),
            "spark.databricks.delta.optimize.maxFileSize", String.valueOf(2 * largeBytes));
    RuntimeConfig conf = table.spark().conf();
    sizes.forEach(conf::set);
    try {
      table.delta().optimize().executeCompaction();
    } catch (DeltaConcurrentModificationException e) {
      LOG.debug("{} was changed by another job and is compacted by a later run", table, e);
    } finally {
      sizes.keySet().forEach(conf::unset);
    }
  }
}

package io.medallion.jobs.maintenance;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaTable;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts small files of tables together, by one rule for every table: where a table has {@value
 * #SMALL_FILES} files or more of less than {@value #TAIL_DIVISOR}th of {@value #TARGET_MEBIBYTES}
 * MiB, the tail that batches leave, these are written again as files of up to {@value
 * #TARGET_MEBIBYTES} MiB; and the same for files of less than half of that. Other files stay as
 * they are, so that the work is in proportion to what came since: no row is written again more than
 * twice.
 *
 * <p>Every batch leaves a file, and every batch reads silver and the star: without this, what a
 * batch asks of the file system would grow with the number of batches before it.
 *
 * <p>The thread that writes a table compacts it too, between two of its commits, so that the two
 * never change the same files: a run after its report, a stream after each batch. Tables that are
 * only appended to need no such care. A stream has those compacted beside its batches: the
 * quarantine, whose records may have megabytes, and the tables of the layer ops.
 *
 * <p>Delta's settings {@code spark.databricks.delta.autoCompact.minNumFiles} and {@code
 * maxFileSize} take the place of the two numbers, and where {@code enabled} is false nothing is
 * compacted. Delta's own compaction is not used: it compacts a table that it has not seen before
 * from its second file on.
 */
public final class Compactor {
  static final int SMALL_FILES = 20;
  static final int TARGET_MEBIBYTES = 64;
  static final int TAIL_DIVISOR = 16;

  /** So that no run pays for all tables at once. */
  private static final int TABLES_PER_RUN = 2;

  private static final String AUTO_COMPACT = "spark.databricks.delta.autoCompact.";
  private static final String OPTIMIZE = "spark.databricks.delta.optimize.";
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final SparkSession spark;
  private final Lake lake;
  private final boolean enabled;
  private final int minFiles;
  private final long targetBytes;

  /** Under the rule that the session's settings make. */
  public Compactor(Lakehouse lakehouse) {
    this.spark = lakehouse.spark();
    this.lake = lakehouse.lake();
    RuntimeConfig conf = spark.conf();
    this.enabled = Boolean.parseBoolean(conf.get(AUTO_COMPACT + "enabled", "true"));
    this.minFiles =
        Integer.parseInt(conf.get(AUTO_COMPACT + "minNumFiles", String.valueOf(SMALL_FILES)));
    this.targetBytes =
        Long.parseLong(
            conf.get(AUTO_COMPACT + "maxFileSize", String.valueOf((long) TARGET_MEBIBYTES << 20)));
  }

  /**
   * Compacts what a run has written: silver's table, the stars' tables and the quarantine; of those
   * that have small files enough, the two that have most.
   */
  public void compactAfterRun(Contract contract, List<Star> stars) {
    List<LakeTable> tables = new ArrayList<>(tables(contract));
    stars.forEach(star -> tables.addAll(tables(star)));
    tables.add(lake.quarantine(spark));
    compactEach(
        tables.stream()
            .filter(this::hasSmallFilesEnough)
            .sorted(Comparator.comparing(table -> -smallFiles(table)))
            .limit(TABLES_PER_RUN)
            .toList());
  }

  /** Compacts the manifest, after a batch of the one stream that lands. */
  public void compactManifest() {
    compactEach(List.of(lake.manifest(spark)));
  }

  /** Compacts the tables of silver that a batch of the contract's records writes. */
  public void compactSilver(Contract contract) {
    compactEach(tables(contract));
  }

  /** Compacts the tables of gold that a build of the star writes. */
  public void compactGold(Star star) {
    compactEach(tables(star));
  }

  /** Compacts what is only appended to, again and again, until what this returns is closed. */
  public RepeatedWork compactAppendedTables() {
    List<LakeTable> tables = appendedTables();
    return new RepeatedWork("medallion-compactor", () -> compactEach(tables), PAUSE, PATIENCE);
  }

  /** Compacts once what {@link #compactAppendedTables} compacts again and again. */
  void compactAppendedTablesOnce() {
    compactEach(appendedTables());
  }

  private List<LakeTable> appendedTables() {
    return Stream.concat(
            Stream.of(lake.quarantine(spark)),
            Stream.of("runs", "check_results", "stream_batches")
                .map(name -> lake.table(spark, Lake.Layer.OPS, name)))
        .toList();
  }

  private List<LakeTable> tables(Contract contract) {
    return Stream.of(contract.table(), contract.deletesTable())
        .map(name -> lake.table(spark, Lake.Layer.SILVER, name))
        .toList();
  }

  private List<LakeTable> tables(Star star) {
    return star.tables().stream().map(name -> lake.table(spark, Lake.Layer.GOLD, name)).toList();
  }

  /** Where a table cannot be compacted, the others are, and what called this goes on. */
  private void compactEach(List<LakeTable> tables) {
    for (LakeTable table : tables) {
      try {
        if (hasSmallFilesEnough(table)) {
          compact(table);
        }
      } catch (Exception e) { // Spark's checked ones are declared nowhere
        LOG.warn("{} keeps its small files for now", table, e);
      }
    }
  }

  private boolean hasSmallFilesEnough(LakeTable table) {
    return enabled && table.exists() && smallBytes(table).isPresent();
  }

  /** The size below which the table has files enough to be put together; the smaller one of two. */
  private OptionalLong smallBytes(LakeTable table) {
    return table.size().files() < minFiles
        ? OptionalLong.empty()
        : LongStream.of(targetBytes / TAIL_DIVISOR, targetBytes / 2)
            .filter(bytes -> table.filesSmallerThan(bytes) >= minFiles)
            .findFirst();
  }

  private long smallFiles(LakeTable table) {
    return table.filesSmallerThan(targetBytes / 2);
  }

  /** Where another job changes the same files, a later compaction takes them. */
  private void compact(LakeTable table) {
    long small = smallBytes(table).orElse(0);
    // Several threads compact at a time; what one of them sets is its own.
    SparkSession session = table.spark().cloneSession();
    session.conf().set(OPTIMIZE + "minFileSize", small);
    session.conf().set(OPTIMIZE + "maxFileSize", targetBytes);
    try {
      DeltaTable.forPath(session, table.path()).optimize().executeCompaction();
    } catch (DeltaConcurrentModificationException e) {
      LOG.debug("{} was changed by another job and is compacted later", table, e);
    }
  }
}

package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.medallion.core.contract.Contract;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.KeptRows;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Parsed records of one batch, processed: which are accepted, which are not, and why. Reads silver,
 * writes nothing.
 *
 * <p>Records are parsed once and kept; every number and every write is taken from there. Close it
 * to give the memory back.
 */
final class SilverBatch implements AutoCloseable {
  private static final long ONE_TASK_BYTES = 32L << 20;

  /** Records that lost to another, up to which they are broadcast: some 100 bytes each. */
  private static final long MAX_BROADCAST = 500_000;

  private final Contract contract;
  private final boolean oneTask;
  private final Dataset<Row> records;
  private final Dataset<Row> winners;
  private final BatchCounts counts = new BatchCounts();
  private final List<KeptRows> kept = new ArrayList<>();
  private long deletesAccepted;

  /**
   * @param silver the table and the deletes that the records are compared with
   * @param parsed rows of {@link SilverColumns#parsed}
   * @param oneTask whether they are so few that to spread them takes longer than to process them
   */
  SilverBatch(Contract contract, ExistingKeys silver, Dataset<Row> parsed, boolean oneTask) {
    this.contract = contract;
    this.oneTask = oneTask;
    Column sound = size(col(SilverColumns.REASONS)).equalTo(0);
    this.records =
        Rules.apply(contract, gathered(parsed))
            .withColumn(SilverColumns.RAW, when(sound, lit(null)).otherwise(col(SilverColumns.RAW)))
            .withColumn(SilverColumns.CONTENT_HASH, contentHash(contract))
            .withColumn("_key_hash", xxhash64(columns(contract.businessKey())))
            .persist(StorageLevel.MEMORY_AND_DISK());
    for (Row row :
        records
            .groupBy(SilverColumns.FILE_ID)
            .agg(count_if(sound), count(lit(1)), count_if(sound.and(col(SilverColumns.DELETED))))
            .collectAsList()) {
      counts.passed().put(row.getString(0), row.getLong(1));
      counts.quarantined().put(row.getString(0), row.getLong(2) - row.getLong(1));
      deletesAccepted += row.getLong(3);
    }
    Dataset<Row> candidates = records.where(sound);
    Dataset<Row> keys = candidates.select(columns(contract.businessKey()));
    Dataset<Row> current = kept(silver.matching(keys, this::gathered));
    Dataset<Row> outcomes = kept(DedupResolver.decide(contract, candidates, current, oneTask));
    for (Row row : outcomes.groupBy(SilverColumns.FILE_ID, "outcome").count().collectAsList()) {
      Map<String, Long> byFile =
          switch (row.getString(1)) {
            case DedupResolver.DUPLICATE -> counts.duplicates();
            case DedupResolver.SUPERSEDED -> counts.superseded();
            case DedupResolver.REPLACED -> counts.replaced();
            default -> throw new IllegalStateException("no such outcome: " + row.getString(1));
          };
      byFile.put(row.getString(0), row.getLong(2));
    }
    if (noneLost()) {
      this.winners = candidates;
      counts.accepted().putAll(counts.passed());
    } else {
      Dataset<Row> left = winners(candidates, outcomes);
      this.winners = oneTask ? left.persist(StorageLevel.MEMORY_AND_DISK()) : left;
      deletesAccepted = 0;
      for (Row row :
          winners
              .groupBy(SilverColumns.FILE_ID)
              .agg(count(lit(1)), count_if(col(SilverColumns.DELETED)))
              .collectAsList()) {
        counts.accepted().put(row.getString(0), row.getLong(1));
        deletesAccepted += row.getLong(2);
      }
    }
  }

  /** Whether files are so small that one task processes them faster than several. */
  static boolean fitOneTask(SparkSession session, Collection<ManifestFile> files) {
    return InterpretedPlans.few(session, records(files))
        && files.stream().mapToLong(ManifestFile::sizeBytes).sum() <= ONE_TASK_BYTES;
  }

  static long records(Collection<ManifestFile> files) {
    return files.stream().mapToLong(ManifestFile::recordCount).sum();
  }

  /** Rows in one partition are grouped, sorted and joined without a shuffle. */
  private Dataset<Row> gathered(Dataset<Row> rows) {
    return oneTask ? rows.coalesce(1) : rows;
  }

  /** Narrow rows, computed once: the batch's own commits must not let them be computed anew. */
  private Dataset<Row> kept(Dataset<Row> rows) {
    SparkSession session = rows.sparkSession();
    if (oneTask) {
      return session.createDataFrame(rows.collectAsList(), rows.schema()).coalesce(1);
    }
    KeptRows apart = KeptRows.of(rows);
    kept.add(apart);
    return apart.rows();
  }

  /**
   * Content under one key: absent values leave no trace, so that a column added later changes
   * nothing.
   */
  static Column contentHash(Contract contract) {
    List<Column> parts = new ArrayList<>();
    for (String name : names(contract)) {
      parts.add(when(col(name).isNotNull(), lit(name.hashCode())));
      parts.add(col(name));
    }
    parts.add(when(col(SilverColumns.DELETED), lit(SilverColumns.DELETED)));
    return xxhash64(parts.toArray(Column[]::new));
  }

  private static List<String> names(Contract contract) {
    List<String> names = new ArrayList<>(contract.columns().stream().map(c -> c.name()).toList());
    names.add(SilverColumns.RESCUED);
    return names;
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }

  private boolean noneLost() {
    return counts.duplicates().isEmpty() && counts.superseded().isEmpty();
  }

  /** Candidates without those that lost to another record of their key. */
  private Dataset<Row> winners(Dataset<Row> candidates, Dataset<Row> outcomes) {
    Dataset<Row> lost =
        outcomes
            .where(col("outcome").notEqual(DedupResolver.REPLACED))
            .select(SilverColumns.FILE_ID, SilverColumns.RECORD_NUMBER);
    scala.collection.Seq<String> identity =
        scala.collection.JavaConverters.asScalaBuffer(
                List.of(SilverColumns.FILE_ID, SilverColumns.RECORD_NUMBER))
            .toSeq();
    long number =
        Stream.of(counts.duplicates(), counts.superseded())
            .flatMap(counts -> counts.values().stream())
            .mapToLong(n -> n)
            .sum();
    String way = oneTask ? "shuffle_hash" : number <= MAX_BROADCAST ? "broadcast" : "merge";
    return candidates.join(lost.hint(way), identity, "left_anti");
  }

  /** Rows for the table, in its columns. */
  Dataset<Row> rowsToWrite() {
    Dataset<Row> upserts =
        deletesAccepted == 0 ? winners : winners.where(not(col(SilverColumns.DELETED)));
    return upserts.select(tableColumns().toArray(Column[]::new));
  }

  /** Rows for the table and deletes from it, in its columns and {@link SilverColumns#DELETED}. */
  Dataset<Row> rowsToMerge() {
    List<Column> columns = tableColumns();
    columns.add(col(SilverColumns.DELETED));
    return winners.select(columns.toArray(Column[]::new));
  }

  /** Deletes for the table of deletes, with all columns of a record. */
  Dataset<Row> deletes() {
    return winners.where(col(SilverColumns.DELETED));
  }

  private List<Column> tableColumns() {
    List<Column> columns = new ArrayList<>();
    for (String name : SilverColumns.table(contract).fieldNames()) {
      columns.add(
          name.equals(SilverColumns.CONTRACT_VERSION)
              ? lit(contract.version()).as(name)
              : col(name));
    }
    return columns;
  }

  /** Records that break a rule: {@code _file_id, _record_number, _landing_seq, _raw, _reasons}. */
  Dataset<Row> rejects() {
    return records.where(size(col(SilverColumns.REASONS)).gt(0));
  }

  /** Identity of the records that break no rule. */
  Dataset<Row> passing() {
    return records
        .where(size(col(SilverColumns.REASONS)).equalTo(0))
        .select(SilverColumns.FILE_ID, SilverColumns.RECORD_NUMBER);
  }

  boolean anyRejected() {
    return counts.quarantined().values().stream().anyMatch(n -> n > 0);
  }

  boolean anyPassed() {
    return counts.passed().values().stream().anyMatch(n -> n > 0);
  }

  /** Whether the table gains a row. */
  boolean anyUpserts() {
    return counts.accepted().values().stream().mapToLong(n -> n).sum() > deletesAccepted;
  }

  boolean anyDeletes() {
    return deletesAccepted > 0;
  }

  /** Whether the batch replaces a row of silver or a recorded delete. */
  boolean replacesRows() {
    return !counts.replaced().isEmpty();
  }

  /**
   * The accounts of a batch of landed files.
   *
   * @param landed records by file, as counted when the file landed
   * @throws io.medallion.core.ledger.ConservationException where they do not add up
   */
  List<FileAccount> accounts(Map<String, Long> landed) {
    return counts.accounts(landed);
  }

  /** The accounts of a replay: nothing comes in, what passes leaves the quarantine. */
  List<FileAccount> replayAccounts() {
    return counts.replayAccounts();
  }

  @Override
  public void close() {
    winners.unpersist();
    kept.forEach(KeptRows::close);
    records.unpersist();
  }
}

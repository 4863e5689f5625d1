package io.medallion.core.ledger;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.lake.ColumnBounds;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.s3.S3Requests;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.SparkRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code ops.runs}: appended once per batch, after everything else the batch commits.
 *
 * <p>Remembers each subject's last entry that it wrote or read, and reads it again only where the
 * table's log names a later batch, which another process appended. Thread-safe.
 */
public final class Ledger {
  private static final StructType ACCOUNT =
      new StructType()
          .add("file_id", StringType, false)
          .add("records", LongType, false)
          .add("accepted", LongType, false)
          .add("duplicates", LongType, false)
          .add("superseded", LongType, false)
          .add("quarantined", LongType, false);

  /** Columns of {@code ops.runs}. */
  public static final StructType SCHEMA =
      new StructType()
          .add("run_id", StringType, false)
          .add("job", StringType, false)
          .add("subject", StringType, false)
          .add("batch_id", LongType, false)
          .add("fingerprint", StringType, false)
          .add("started_at", TimestampType, false)
          .add("finished_at", TimestampType, false)
          .add("duration_ms", LongType, false)
          .add("files_in", LongType, false)
          .add("files_rejected", LongType, false)
          .add("bytes", LongType, false)
          .add("records", LongType, false)
          .add("accepted", LongType, false)
          .add("duplicates", LongType, false)
          .add("superseded", LongType, false)
          .add("quarantined", LongType, false)
          .add("rows_in", LongType, false)
          .add("rows_written", LongType, false)
          .add("versions", DataTypes.createMapType(StringType, LongType, false), false)
          .add("stream_id", StringType, false)
          .add("stream_batch", LongType, false)
          .add("accounts", DataTypes.createArrayType(ACCOUNT, false), false)
          // Of rows written before there was the column, NULL.
          .add("s3_requests", DataTypes.createMapType(StringType, LongType, false), true);

  private static final List<String> NAMES = List.of(SCHEMA.fieldNames());

  private static final int ATTEMPTS = 5;

  private final LakeTable table;

  /** The table in a session of this ledger's own, for statements of one row. */
  private final LakeTable oneRow;

  private final Map<Subject, LastBatch> lastBatches = new ConcurrentHashMap<>();
  private final Map<Subject, Entry> lastEntries = new ConcurrentHashMap<>();

  private record Subject(String job, String name) {
    /** The application under which Delta keeps the number of the subject's last batch. */
    String application() {
      return LedgerReader.application(job, name);
    }
  }

  private record LastBatch(long tableVersion, long number) {}

  /** The ledger of a lake. One is enough for a process. */
  public Ledger(SparkSession spark, Lake lake) {
    SparkSession own = spark.cloneSession();
    InterpretedPlans.set(own);
    this.table = lake.table(spark, Lake.Layer.OPS, "runs");
    this.oneRow = lake.table(own, Lake.Layer.OPS, "runs");
  }

  /** The table itself. */
  public LakeTable table() {
    return table;
  }

  /** Appends an entry, unless the table has the job's batch, or a later one, already. */
  public void append(Entry entry) {
    Subject subject = new Subject(entry.job(), entry.subject());
    for (int attempt = 1; lastBatch(subject) < entry.batchId(); attempt++) {
      try {
        write(entry, subject.application());
        lastEntries.put(subject, entry.withoutAccounts());
        return;
      } catch (DeltaConcurrentModificationException e) {
        // Another process made the table, or appended an entry of the subject: perhaps this one.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void write(Entry entry, String application) {
    FileAccount total = entry.total();
    Row row =
        RowFactory.create(
            entry.runId(),
            entry.job(),
            entry.subject(),
            entry.batchId(),
            entry.fingerprint(),
            java.sql.Timestamp.from(entry.startedAt()),
            java.sql.Timestamp.from(entry.finishedAt()),
            java.time.Duration.between(entry.startedAt(), entry.finishedAt()).toMillis(),
            entry.filesIn(),
            entry.filesRejected(),
            entry.bytes(),
            total.records(),
            total.accepted(),
            total.duplicates(),
            total.superseded(),
            total.quarantined(),
            entry.rowsIn(),
            entry.rowsWritten(),
            entry.versions(),
            entry.stream().streamId(),
            entry.stream().number(),
            entry.accounts().stream().map(Ledger::row).toList(),
            S3Requests.toBook().labelled());
    if (oneRow.exists() && List.of(oneRow.schema().fieldNames()).equals(NAMES)) {
      oneRow.append(List.of(row), Optional.of(CommitLabel.of(application, entry.batchId())));
      return;
    }
    oneRow
        .spark()
        .createDataFrame(List.of(row), SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", application)
        .option("txnVersion", entry.batchId())
        .option(LakeTable.SKIPPING_COLUMNS, "job,subject,batch_id")
        .option("mergeSchema", "true")
        .save(oneRow.path());
  }

  /** The last batch of a job and subject, -1 where there is none. */
  public long lastBatch(String job, String subject) {
    return lastBatch(new Subject(job, subject));
  }

  /** Reads the number only where the table has another version than when it was last read. */
  private long lastBatch(Subject subject) {
    long version = table.version();
    if (version < 0) {
      // It may have been removed; entries of a table that is made anew are others.
      lastBatches.clear();
      lastEntries.clear();
      return -1;
    }
    LastBatch known = lastBatches.get(subject);
    if (known != null && known.tableVersion() == version) {
      return known.number();
    }
    long number = table.lastTransaction(subject.application()).orElse(-1);
    lastBatches.put(subject, new LastBatch(version, number));
    return number;
  }

  /** Whether that batch, or a later one of the same job and subject, is in the ledger. */
  public boolean holds(String job, String subject, long batchId) {
    return lastBatch(job, subject) >= batchId;
  }

  /** The last entry of a job and subject, without its accounts. */
  public Optional<Entry> last(String job, String subject) {
    Subject key = new Subject(job, subject);
    long number = lastBatch(key);
    if (number < 0) {
      return Optional.empty();
    }
    Entry known = lastEntries.get(key);
    if (known != null && known.batchId() == number) {
      return Optional.of(known);
    }
    // By its number, so that the statistics leave out the files of all other entries.
    Column ofJob = col("job").equalTo(job).and(col("subject").equalTo(subject));
    Optional<Entry> read =
        oneRow
            .rowsWithin(new ColumnBounds("batch_id", number, number))
            .where(ofJob.and(col("batch_id").equalTo(number)))
            .collectAsList()
            .stream()
            .map(row -> LedgerReader.entry(new SparkRow(row)))
            .findFirst();
    read.ifPresent(entry -> lastEntries.put(key, entry));
    return read;
  }

  /**
   * The batch number in the ledger of a stream's batch: it goes on where the job's last entry
   * stopped, also when a lost checkpoint made the stream begin anew.
   */
  public long number(String job, String subject, Entry.StreamBatch batch) {
    Entry known = lastEntries.get(new Subject(job, subject));
    // All batches of one stream are numbered alike: one known entry of it is enough.
    Optional<Entry> reference =
        known != null && known.stream().streamId().equals(batch.streamId())
            ? Optional.of(known)
            : last(job, subject);
    if (reference.isEmpty()) {
      return batch.number();
    }
    Entry entry = reference.get();
    return entry.stream().streamId().equals(batch.streamId())
        ? entry.batchId() + batch.number() - entry.stream().number()
        : entry.batchId() + 1 + batch.number();
  }

  /** Which of these files have an account with a subject already. */
  public Set<String> accounted(String job, String subject, Collection<String> fileIds) {
    if (!table.exists()) {
      return Set.of();
    }
    return table
        .rowsWithin()
        .where(col("job").equalTo(job).and(col("subject").equalTo(subject)))
        .select(explode(col("accounts.file_id")).as("file_id"))
        .where(col("file_id").isin(fileIds.toArray()))
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  private static Row row(FileAccount account) {
    return RowFactory.create(
        account.fileId(),
        account.records(),
        account.accepted(),
        account.duplicates(),
        account.superseded(),
        account.quarantined());
  }
}

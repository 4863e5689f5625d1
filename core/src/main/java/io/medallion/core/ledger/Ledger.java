package io.medallion.core.ledger;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.s3.S3Requests;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code ops.runs}: appended once per batch, after everything else the batch commits. */
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

  private final LakeTable table;

  public Ledger(SparkSession spark, Lake lake) {
    this.table = lake.table(spark, Lake.Layer.OPS, "runs");
  }

  /** The table itself. */
  public LakeTable table() {
    return table;
  }

  /** Appends an entry, unless the job's batch stands there already. */
  public void append(Entry entry) {
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
    table
        .spark()
        .createDataFrame(List.of(row), SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", application(entry.job(), entry.subject()))
        .option("txnVersion", entry.batchId())
        .option(LakeTable.SKIPPING_COLUMNS, "job,subject,batch_id")
        .option("mergeSchema", "true")
        .save(table.path());
  }

  /** The last batch of a job and subject, -1 where there is none. */
  public long lastBatch(String job, String subject) {
    return table.exists() ? table.lastTransaction(application(job, subject)).orElse(-1) : -1;
  }

  /** Whether that batch, or a later one of the same job and subject, is in the ledger. */
  public boolean holds(String job, String subject, long batchId) {
    return lastBatch(job, subject) >= batchId;
  }

  /** The last entry of a job and subject, without its accounts. */
  public Optional<Entry> last(String job, String subject) {
    long last = lastBatch(job, subject);
    if (last < 0) {
      return Optional.empty();
    }
    // By its number, so that Delta's statistics leave out the files of all other entries.
    Column ofJob = col("job").equalTo(job).and(col("subject").equalTo(subject));
    return table.read().where(ofJob.and(col("batch_id").equalTo(last))).collectAsList().stream()
        .map(Ledger::entry)
        .findFirst();
  }

  /**
   * The number under which a stream's batch stands, or will stand, in the ledger: it goes on where
   * the job's last entry stopped, also when a lost checkpoint made the stream begin anew.
   */
  public long number(String job, String subject, Entry.StreamBatch batch) {
    Optional<Entry> last = last(job, subject);
    if (last.isEmpty()) {
      return batch.number();
    }
    return last.get().stream().streamId().equals(batch.streamId())
        ? last.get().batchId() + batch.number() - last.get().stream().number()
        : last.get().batchId() + 1 + batch.number();
  }

  /** Which of these files have an account with a subject already. */
  public Set<String> accounted(String job, String subject, Collection<String> fileIds) {
    if (!table.exists()) {
      return Set.of();
    }
    return table
        .read()
        .where(col("job").equalTo(job).and(col("subject").equalTo(subject)))
        .select(explode(col("accounts.file_id")).as("file_id"))
        .where(col("file_id").isin(fileIds.toArray()))
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  private static String application(String job, String subject) {
    return "medallion/" + job + "/" + subject;
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

  private static Entry entry(Row row) {
    Map<String, Long> versions = new HashMap<>(row.getJavaMap(row.fieldIndex("versions")));
    return new Entry(
        row.getAs("run_id"),
        row.getAs("job"),
        row.getAs("subject"),
        row.getAs("batch_id"),
        row.getAs("fingerprint"),
        instant(row.getAs("started_at")),
        instant(row.getAs("finished_at")),
        row.getAs("files_in"),
        row.getAs("files_rejected"),
        row.getAs("bytes"),
        row.getAs("rows_in"),
        row.getAs("rows_written"),
        versions,
        new Entry.StreamBatch(row.getAs("stream_id"), row.getAs("stream_batch")),
        List.of());
  }

  private static Instant instant(Object value) {
    return value instanceof Instant instant ? instant : ((java.sql.Timestamp) value).toInstant();
  }
}

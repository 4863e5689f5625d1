package io.medallion.core.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One row of {@code ops.runs}: what one batch of one job did. {@link #ofBatch} begins one.
 *
 * <p>Its JSON form, {@link EntryJson}, is in commits of older versions: components keep their
 * names.
 *
 * @param runId the process that ran the batch
 * @param job {@code bronze}, {@code silver}, {@code replay}, {@code gold} or {@code load}
 * @param subject the feed, silver table, star, or star and warehouse
 * @param batchId the stream's batch, or another number that grows with the job's batches
 * @param fingerprint digest of the contract or star that was applied
 * @param filesIn files considered (bronze) or read (silver)
 * @param filesRejected files that bronze rejected
 * @param bytes bytes landed or read
 * @param rowsIn rows that gold read
 * @param rowsWritten rows that gold inserted, updated or deleted
 * @param versions table versions after the batch, by qualified name
 * @param stream the Spark stream and its number of the batch; {@link StreamBatch#NONE} for jobs
 *     that are no stream
 * @param accounts per file; the batch's own counts are their sums
 */
public record Entry(
    String runId,
    String job,
    String subject,
    long batchId,
    String fingerprint,
    Instant startedAt,
    Instant finishedAt,
    long filesIn,
    long filesRejected,
    long bytes,
    long rowsIn,
    long rowsWritten,
    Map<String, Long> versions,
    StreamBatch stream,
    List<FileAccount> accounts) {

  /**
   * A batch of a Spark stream.
   *
   * @param streamId Spark's id of the stream: another checkpoint is another stream
   * @param number the batch's number in the stream
   */
  public record StreamBatch(String streamId, long number) {
    /** Of a job that is no stream. */
    public static final StreamBatch NONE = new StreamBatch("", -1);
  }

  public Entry {
    requireNonNull(runId, "runId");
    requireNonNull(fingerprint, "fingerprint");
    requireNonNull(startedAt, "startedAt");
    requireNonNull(finishedAt, "finishedAt");
    versions = Map.copyOf(versions);
    accounts = List.copyOf(accounts);
  }

  /** Begins an entry, of which all counts are 0 until they are set. */
  public static Builder ofBatch(String job, String subject, long batchId) {
    return new Builder(job, subject, batchId);
  }

  /** The accounts of all files added up, under the name {@code total}. */
  public FileAccount total() {
    return accounts.stream()
        .map(
            a ->
                new FileAccount(
                    "total",
                    a.records(),
                    a.accepted(),
                    a.duplicates(),
                    a.superseded(),
                    a.quarantined()))
        .reduce(new FileAccount("total", 0, 0, 0, 0, 0), FileAccount::plus);
  }

  /** This entry as {@link Ledger#last} returns it. */
  Entry withoutAccounts() {
    return new Entry(
        runId,
        job,
        subject,
        batchId,
        fingerprint,
        startedAt,
        finishedAt,
        filesIn,
        filesRejected,
        bytes,
        rowsIn,
        rowsWritten,
        versions,
        stream,
        List.of());
  }

  /** Collects an entry's components. Run, fingerprint and times must be set. */
  public static final class Builder {
    private final String job;
    private final String subject;
    private final long batchId;
    private String runId;
    private String fingerprint;
    private Instant startedAt;
    private Instant finishedAt;
    private long filesIn;
    private long filesRejected;
    private long bytes;
    private long rowsIn;
    private long rowsWritten;
    private Map<String, Long> versions = Map.of();
    private StreamBatch stream = StreamBatch.NONE;
    private List<FileAccount> accounts = List.of();

    private Builder(String job, String subject, long batchId) {
      this.job = job;
      this.subject = subject;
      this.batchId = batchId;
    }

    public Builder runId(String id) {
      this.runId = id;
      return this;
    }

    public Builder fingerprint(String digest) {
      this.fingerprint = digest;
      return this;
    }

    /** When the batch began and ended. */
    public Builder between(Instant start, Instant end) {
      this.startedAt = start;
      this.finishedAt = end;
      return this;
    }

    public Builder filesIn(long number) {
      this.filesIn = number;
      return this;
    }

    public Builder filesRejected(long number) {
      this.filesRejected = number;
      return this;
    }

    public Builder bytes(long number) {
      this.bytes = number;
      return this;
    }

    public Builder rowsIn(long number) {
      this.rowsIn = number;
      return this;
    }

    public Builder rowsWritten(long number) {
      this.rowsWritten = number;
      return this;
    }

    /** Table versions after the batch, by qualified name. */
    public Builder versions(Map<String, Long> byTable) {
      this.versions = byTable;
      return this;
    }

    /** The Spark stream whose batch it is. */
    public Builder stream(StreamBatch batch) {
      this.stream = batch;
      return this;
    }

    public Builder accounts(List<FileAccount> perFile) {
      this.accounts = perFile;
      return this;
    }

    public Entry build() {
      return new Entry(
          runId,
          job,
          subject,
          batchId,
          fingerprint,
          startedAt,
          finishedAt,
          filesIn,
          filesRejected,
          bytes,
          rowsIn,
          rowsWritten,
          versions,
          stream,
          accounts);
    }
  }
}

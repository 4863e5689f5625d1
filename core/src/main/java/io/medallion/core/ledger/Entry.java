package io.medallion.core.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One row of {@code ops.runs}: what one batch of one job did.
 *
 * @param runId the process that ran it
 * @param job {@code bronze}, {@code silver}, {@code replay} or {@code gold}
 * @param subject the feed, silver table or star
 * @param batchId the stream's batch, or another number that grows with the job's batches
 * @param fingerprint digest of the contract or star that was applied
 * @param filesIn files considered (bronze) or read (silver)
 * @param filesRejected files kept aside
 * @param bytes bytes landed or read
 * @param rowsIn rows taken in by gold
 * @param rowsWritten rows inserted, updated or deleted by gold
 * @param versions table versions after the batch, by qualified name
 * @param stream the stream that brought the batch and the batch's number in it; {@link
 *     StreamBatch#NONE} where no stream did
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

  /** An entry of a job whose batches no stream numbers. */
  public Entry(
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
      List<FileAccount> accounts) {
    this(
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
        StreamBatch.NONE,
        accounts);
  }

  public Entry {
    versions = Map.copyOf(versions);
    accounts = List.copyOf(accounts);
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
}

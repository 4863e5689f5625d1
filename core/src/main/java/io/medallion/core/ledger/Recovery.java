package io.medallion.core.ledger;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.lake.LakeTable;
import java.util.List;

/**
 * Completes the ledger after a process died between a batch's commit and the ledger entry that
 * follows it: what has committed is recorded, never done again.
 */
public final class Recovery {
  private Recovery() {}

  /** Where a job's batches commit before they are in the ledger. */
  @FunctionalInterface
  public interface Commits {
    /** The entries of all batches after {@code lastBatch} that have committed, oldest first. */
    List<Entry> after(long lastBatch);
  }

  /** Appends the entries of a job's batches that have committed and are not in the ledger. */
  public static void complete(Ledger ledger, String job, String subject, Commits commits) {
    commits.after(ledger.lastBatch(job, subject)).forEach(ledger::append);
  }

  /**
   * Commits of a table that carry their entry as {@code userMetadata}.
   *
   * @param application the Delta application whose transactions are the job's batches
   */
  public static Commits ofTable(LakeTable table, String application, String job) {
    return lastBatch -> {
      long committed = table.lastTransaction(application).orElse(-1);
      return committed > lastBatch ? List.of(entry(table, job, committed)) : List.of();
    };
  }

  private static Entry entry(LakeTable table, String job, long batchId) {
    return table
        .delta()
        .history()
        .select("userMetadata")
        .where(col("userMetadata").isNotNull())
        .collectAsList()
        .stream()
        .flatMap(row -> EntryJson.read(row.getString(0)).stream())
        .filter(entry -> entry.job().equals(job) && entry.batchId() == batchId)
        .findFirst()
        .orElseThrow();
  }
}

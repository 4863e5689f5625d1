package io.medallion.silver;

import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.ManifestFile;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Fills a contract's table from the files that the manifest names: once, or as a stream over the
 * manifest. Where both take turns, the ledger's accounts of files keep each from being processed
 * twice.
 *
 * <p>A batch commits in this order: quarantine, table, ledger, then Spark's checkpoint. Each commit
 * is idempotent by the batch's number, and the table's commit carries the ledger entry, so a batch
 * that was cut off anywhere is completed, not repeated, by the next run.
 */
public final class SilverStream {
  static final String JOB = "silver";

  private final SparkSession spark;
  private final Lake lake;
  private final Ledger ledger;
  private final Contract contract;
  private final Clock clock;
  private final String runId;

  public SilverStream(
      SparkSession spark, Lake lake, Ledger ledger, Contract contract, Clock clock, String runId) {
    this.spark = spark;
    this.lake = lake;
    this.ledger = ledger;
    this.contract = contract;
    this.clock = clock;
    this.runId = runId;
  }

  /** Makes the table where there is none yet, so that what follows it can begin. */
  public void prepare() {
    new SilverTable(spark, lake, contract).prepare();
  }

  /**
   * Processes what is new in the manifest, as one batch, without a stream: the manifest's log and
   * the ledger say what that is.
   *
   * @return what the batch did; empty where nothing was new, or nothing ever landed
   * @throws io.medallion.core.ConfigurationException where the table cannot follow the contract
   * @throws io.medallion.core.ledger.ConservationException where records do not add up
   */
  public List<SilverSummary> run() {
    LakeTable manifest = lake.manifest(spark);
    if (!manifest.exists()) {
      return List.of();
    }
    complete();
    long version = manifest.version();
    List<ManifestFile> files = new NewFiles(manifest, ledger, contract).find();
    if (files.isEmpty()) {
      return List.of();
    }
    // What the batch sets is its own.
    SparkSession session = spark.cloneSession();
    SilverBatches batches = batches(session, new QuarantineTable(spark, lake, contract));
    return batches
        .process(files, batches.nextNumber(), Entry.StreamBatch.NONE, OptionalLong.of(version))
        .map(List::of)
        .orElse(List.of());
  }

  /** Makes the table follow the contract, and completes what was cut off. */
  private void complete() {
    SilverTable silver = new SilverTable(spark, lake, contract);
    silver.prepare();
    SilverBatches.complete(ledger, contract, silver.table());
    new Replay(spark, lake, ledger, contract, clock, runId).complete();
  }

  /**
   * Processes what is new in the manifest, and what gets there while the trigger goes on, as a
   * stream over the manifest.
   *
   * @param onBatch called with each batch after its entry is in the ledger
   */
  public void run(Trigger trigger, Consumer<SilverSummary> onBatch) {
    LakeTable manifest = lake.manifest(spark);
    if (!manifest.exists()) {
      return;
    }
    complete();
    NewFiles files = new NewFiles(manifest, ledger, contract);
    QuarantineTable quarantine = new QuarantineTable(spark, lake, contract);
    try {
      StreamingQuery query =
          spark
              .readStream()
              .format("delta")
              .option("maxFilesPerTrigger", Integer.MAX_VALUE)
              .load(manifest.path())
              .where(files.condition())
              .writeStream()
              .queryName("silver-" + contract.table())
              .option("checkpointLocation", lake.checkpoint(JOB, contract.table()))
              .trigger(trigger)
              .foreachBatch(
                  (Dataset<Row> rows, Long batchId) -> {
                    process(rows, batchId, files, quarantine).ifPresent(onBatch);
                  })
              .start();
      query.awaitTermination();
    } catch (StreamingQueryException e) {
      throw unwrapped(e);
    } catch (TimeoutException e) {
      throw new LakeException("silver's stream did not start", "run the command again", e);
    }
  }

  private static RuntimeException unwrapped(StreamingQueryException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getName().startsWith("io.medallion")) {
        return (RuntimeException) cause;
      }
    }
    return new LakeException("silver failed: " + e.getMessage(), "run the command again", e);
  }

  private Optional<SilverSummary> process(
      Dataset<Row> rows, long streamBatch, NewFiles manifest, QuarantineTable quarantine) {
    SparkSession session = rows.sparkSession();
    Entry.StreamBatch stream =
        new Entry.StreamBatch(
            session.sparkContext().getLocalProperty("sql.streaming.queryId"), streamBatch);
    SilverBatches batches = batches(session, quarantine);
    // Else its checkpoint was lost, or a run without a stream came in between, which has processed
    // some of what the stream brings.
    boolean following =
        ledger
            .last(JOB, contract.table())
            .filter(last -> last.stream().streamId().equals(stream.streamId()))
            .isPresent();
    long batchId = following ? ledger.number(JOB, contract.table(), stream) : batches.nextNumber();
    if (ledger.holds(JOB, contract.table(), batchId)) {
      return Optional.empty();
    }
    List<ManifestFile> files = manifest.files(rows.collectAsList());
    if (!following && batchId > 0) {
      files = manifest.unaccounted(files);
    }
    return files.isEmpty()
        ? Optional.empty()
        : batches.process(files, batchId, stream, OptionalLong.empty());
  }

  private SilverBatches batches(SparkSession session, QuarantineTable quarantine) {
    return new SilverBatches(session, lake, ledger, contract, clock, runId, quarantine);
  }
}

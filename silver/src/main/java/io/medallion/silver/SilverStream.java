package io.medallion.silver;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.ReplayedLogs;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.Parallel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Fills a contract's table from the files that the manifest names, as a stream over the manifest.
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
   * Processes what is new in the manifest.
   *
   * @return what each batch did; empty where nothing was new, or nothing ever landed
   * @throws io.medallion.core.ConfigurationException where the table cannot follow the contract
   * @throws io.medallion.core.ledger.ConservationException where records do not add up
   */
  public List<SilverSummary> run() {
    List<SilverSummary> summaries = new ArrayList<>();
    run(Trigger.AvailableNow(), summaries::add);
    return List.copyOf(summaries);
  }

  /**
   * Processes what is new in the manifest, and what gets there while the trigger goes on.
   *
   * @param onBatch called with each batch after its entry is in the ledger
   */
  public void run(Trigger trigger, Consumer<SilverSummary> onBatch) {
    LakeTable manifest = lake.manifest(spark);
    if (!manifest.exists()) {
      return;
    }
    SilverTable silver = new SilverTable(spark, lake, contract);
    silver.prepare();
    complete(silver);
    new Replay(spark, lake, ledger, contract, clock, runId).complete();
    QuarantineTable quarantine = new QuarantineTable(spark, lake, contract);
    Object[] feeds = contract.feeds().stream().map(Feed::name).toArray();
    try {
      StreamingQuery query =
          spark
              .readStream()
              .format("delta")
              .option("maxFilesPerTrigger", Integer.MAX_VALUE)
              .load(manifest.path())
              .where(col("status").equalTo(Manifest.LANDED).and(col("feed").isin(feeds)))
              .writeStream()
              .queryName("silver-" + contract.table())
              .option("checkpointLocation", lake.checkpoint(JOB, contract.table()))
              .trigger(trigger)
              .foreachBatch(
                  (Dataset<Row> rows, Long batchId) -> {
                    process(rows, batchId, quarantine).ifPresent(onBatch);
                  })
              .start();
      query.awaitTermination();
    } catch (StreamingQueryException e) {
      throw unwrapped(e);
    } catch (TimeoutException e) {
      throw new LakeException("silver's stream did not start", "run the command again", e);
    }
  }

  private String application() {
    return "medallion/silver/" + contract.table();
  }

  /**
   * Records a batch that was cut off after the table's commit: before the stream begins, since with
   * its checkpoint lost it would bring that batch together with what landed since.
   */
  private void complete(SilverTable silver) {
    Recovery.complete(
        ledger, JOB, contract.table(), Recovery.ofTable(silver.table(), application(), JOB));
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
      Dataset<Row> rows, long streamBatch, QuarantineTable quarantine) {
    SparkSession session = rows.sparkSession();
    Instant started = clock.instant();
    SilverTable silver = new SilverTable(session, lake, contract);
    String application = application();
    Entry.StreamBatch stream =
        new Entry.StreamBatch(
            session.sparkContext().getLocalProperty("sql.streaming.queryId"), streamBatch);
    long batchId = ledger.number(JOB, contract.table(), stream);
    if (ledger.holds(JOB, contract.table(), batchId)) {
      return Optional.empty();
    }
    // Number 0 after others: the checkpoint was lost, and the stream brings everything again.
    List<ManifestFile> files = files(rows, streamBatch == 0 && batchId > 0);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    DeletesTable deletes = new DeletesTable(session, lake, ledger, contract);
    ExistingKeys held = new ExistingKeys(contract, silver, deletes);
    boolean oneTask = SilverBatch.fitOneTask(session, files);
    boolean interpreted =
        InterpretedPlans.few(session, SilverBatch.records(files))
            && InterpretedPlans.small(silver.table());
    try (InterpretedPlans plans = InterpretedPlans.of(session, interpreted);
        ReplayedLogs logs =
            ReplayedLogs.of(session, silver.table(), deletes.table(), quarantine.table());
        SilverBatch batch = new SilverBatch(contract, held, parse(session, files), oneTask)) {
      List<FileAccount> accounts =
          batch.accounts(
              files.stream()
                  .collect(Collectors.toMap(ManifestFile::fileId, ManifestFile::recordCount)));
      Parallel.run(
          session,
          Parallel.THREADS,
          List.of(
              new Parallel.Work(
                  quarantine.table().qualifiedName(),
                  () -> quarantine.write(batch, files, application, batchId, started)),
              new Parallel.Work(
                  deletes.table().qualifiedName(),
                  () -> deletes.write(batch, JOB, application, batchId))));
      Entry entry = entry(batchId, stream, started, files, accounts, silver.table());
      silver.write(batch, application, entry);
      ledger.append(entry);
      return Optional.of(
          new SilverSummary(
              silver.table().qualifiedName(),
              JOB,
              batchId,
              files.size(),
              entry.total(),
              entry.bytes(),
              silver.table().version(),
              Duration.between(started, clock.instant())));
    }
  }

  /**
   * The files that a batch of the manifest's stream brings, in the order in which they landed.
   *
   * @param again whether some of them may have an account already, and are left out
   */
  private List<ManifestFile> files(Dataset<Row> rows, boolean again) {
    List<ManifestFile> files =
        rows.collectAsList().stream()
            .map(Manifest::file)
            .sorted(Comparator.comparingLong(ManifestFile::landingSeq))
            .toList();
    if (!again) {
      return files;
    }
    Set<String> known =
        ledger.accounted(JOB, contract.table(), files.stream().map(ManifestFile::fileId).toList());
    return files.stream().filter(file -> !known.contains(file.fileId())).toList();
  }

  private Dataset<Row> parse(SparkSession session, List<ManifestFile> files) {
    Map<String, List<ManifestFile>> byFeed =
        files.stream().collect(Collectors.groupingBy(ManifestFile::feed));
    return byFeed.entrySet().stream()
        .map(
            e ->
                Records.ofFiles(
                    session, lake.root(), contract, contract.feed(e.getKey()), e.getValue()))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private Entry entry(
      long batchId,
      Entry.StreamBatch stream,
      Instant started,
      List<ManifestFile> files,
      List<FileAccount> accounts,
      LakeTable silver) {
    return Entry.ofBatch(JOB, contract.table(), batchId)
        .runId(runId)
        .fingerprint(contract.digest())
        .between(started, clock.instant())
        .filesIn(files.size())
        .bytes(files.stream().mapToLong(ManifestFile::sizeBytes).sum())
        .versions(Map.of(silver.qualifiedName(), silver.version() + 1))
        .stream(stream)
        .accounts(accounts)
        .build();
  }
}

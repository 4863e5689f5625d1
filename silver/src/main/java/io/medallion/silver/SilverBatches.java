package io.medallion.silver;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.ReplayedLogs;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.Parallel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Processes batches of landed files: a small one in the driver's memory, a large one by plans. Both
 * mean the same.
 *
 * <p>A batch commits in this order: quarantine and deletes, table, ledger. Each commit is
 * conditional on the batch's number, and the table's carries the ledger entry.
 */
final class SilverBatches {
  private final SparkSession spark;
  private final Lake lake;
  private final Ledger ledger;
  private final Contract contract;
  private final Clock clock;
  private final String runId;
  private final String application;
  private final SilverTable silver;
  private final DeletesTable deletes;
  private final QuarantineTable quarantine;

  /**
   * Batches of a contract's table.
   *
   * @param quarantine in a session of its own
   */
  SilverBatches(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Clock clock,
      String runId,
      QuarantineTable quarantine) {
    this.spark = spark;
    this.lake = lake;
    this.ledger = ledger;
    this.contract = contract;
    this.clock = clock;
    this.runId = runId;
    this.application = application(contract);
    this.silver = new SilverTable(spark, lake, contract);
    this.deletes = new DeletesTable(spark, lake, ledger, contract);
    this.quarantine = quarantine;
  }

  /** The Delta application whose transactions are the contract's batches. */
  static String application(Contract contract) {
    return "medallion/silver/" + contract.table();
  }

  /**
   * Records a batch that was cut off after the table's commit: before anything new is looked for,
   * since that batch could be brought again together with what landed since.
   */
  static void complete(Ledger ledger, Contract contract, LakeTable table) {
    Recovery.complete(
        ledger,
        SilverStream.JOB,
        contract.table(),
        Recovery.ofTable(table, application(contract), SilverStream.JOB));
  }

  /**
   * The number for a batch that is no stream's: after the last one, or that of one which was cut
   * off, so that its place is taken.
   */
  long nextNumber() {
    long number = ledger.lastBatch(SilverStream.JOB, contract.table()) + 1;
    for (LakeTable table : List.of(quarantine.table(), deletes.table())) {
      if (table.exists()) {
        number = Math.max(number, table.lastTransaction(application).orElse(-1));
      }
    }
    return number;
  }

  /**
   * Processes files.
   *
   * @param files at least one, in the order in which they landed, none of which has an account
   * @param manifestVersion the version of the manifest up to which all files are processed with
   *     these; empty where that is not known
   * @return what was done; empty where another process has done this batch
   */
  Optional<SilverSummary> process(
      List<ManifestFile> files,
      long batchId,
      Entry.StreamBatch stream,
      OptionalLong manifestVersion) {
    Instant started = clock.instant();
    Optional<Entry> done;
    if (SilverBatch.fitOneTask(spark, files)) {
      CollectedBatch batch =
          CollectedBatch.of(
              contract,
              parse(files),
              silver.table().schema(),
              new HeldRows(contract, silver, deletes));
      Entry.Builder entry = entry(batchId, files, stream, manifestVersion);
      List<FileAccount> accounts = batch.accounts(landed(files));
      write(
          () -> quarantine.write(batch, files, application, batchId, started),
          () -> deletes.write(batch, SilverStream.JOB, application, batchId));
      Entry written = entry.accounts(accounts).between(started, clock.instant()).build();
      done =
          silver.write(batch.changes(), application, written)
              ? Optional.of(written)
              : Optional.empty();
    } else {
      done = processLarge(files, batchId, stream, manifestVersion, started);
    }
    if (done.isEmpty()) {
      complete(ledger, contract, silver.table());
      return Optional.empty();
    }
    ledger.append(done.get());
    return Optional.of(summary(done.get(), files, started));
  }

  private Optional<Entry> processLarge(
      List<ManifestFile> files,
      long batchId,
      Entry.StreamBatch stream,
      OptionalLong manifestVersion,
      Instant started) {
    boolean interpreted =
        InterpretedPlans.few(spark, SilverBatch.records(files))
            && InterpretedPlans.small(silver.table());
    ExistingKeys held = new ExistingKeys(contract, silver, deletes);
    try (InterpretedPlans plans = InterpretedPlans.of(spark, interpreted);
        ReplayedLogs logs =
            ReplayedLogs.of(spark, silver.table(), deletes.table(), quarantine.table());
        SilverBatch batch = new SilverBatch(contract, held, parse(files), false)) {
      List<FileAccount> accounts = batch.accounts(landed(files));
      write(
          () -> quarantine.write(batch, files, application, batchId, started),
          () -> deletes.write(batch, SilverStream.JOB, application, batchId));
      Entry entry =
          entry(batchId, files, stream, manifestVersion)
              .accounts(accounts)
              .between(started, clock.instant())
              .build();
      return silver.write(batch, application, entry) ? Optional.of(entry) : Optional.empty();
    }
  }

  private void write(Parallel.Task rejects, Parallel.Task deleted) {
    Parallel.run(
        spark,
        Parallel.THREADS,
        List.of(
            new Parallel.Work(quarantine.table().qualifiedName(), rejects),
            new Parallel.Work(deletes.table().qualifiedName(), deleted)));
  }

  private static Map<String, Long> landed(List<ManifestFile> files) {
    return files.stream()
        .collect(Collectors.toMap(ManifestFile::fileId, ManifestFile::recordCount));
  }

  private Dataset<Row> parse(List<ManifestFile> files) {
    Map<String, List<ManifestFile>> byFeed =
        files.stream().collect(Collectors.groupingBy(ManifestFile::feed));
    return byFeed.entrySet().stream()
        .map(
            e ->
                Records.ofFiles(
                    spark, lake.root(), contract, contract.feed(e.getKey()), e.getValue()))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private Entry.Builder entry(
      long batchId,
      List<ManifestFile> files,
      Entry.StreamBatch stream,
      OptionalLong manifestVersion) {
    Map<String, Long> versions = new HashMap<>();
    versions.put(silver.table().qualifiedName(), silver.table().version() + 1);
    manifestVersion.ifPresent(version -> versions.put(NewFiles.MANIFEST, version));
    return Entry.ofBatch(SilverStream.JOB, contract.table(), batchId)
        .runId(runId)
        .fingerprint(contract.digest())
        .filesIn(files.size())
        .bytes(files.stream().mapToLong(ManifestFile::sizeBytes).sum())
        .versions(versions)
        .stream(stream);
  }

  private SilverSummary summary(Entry entry, List<ManifestFile> files, Instant started) {
    return new SilverSummary(
        silver.table().qualifiedName(),
        SilverStream.JOB,
        entry.batchId(),
        files.size(),
        entry.total(),
        entry.bytes(),
        silver.table().version(),
        Duration.between(started, clock.instant()));
  }
}

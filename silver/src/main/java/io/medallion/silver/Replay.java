package io.medallion.silver;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.manifest.ManifestFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Processes quarantined records again, under the contract as it is now.
 *
 * <p>What passes leaves the quarantine in this order: it is marked there, it enters the table, the
 * ledger records the move, the marked records go. A replay that was cut off after the second step
 * is completed by whatever runs next; before it, nothing has moved.
 */
public final class Replay {
  static final String JOB = "replay";

  private final SparkSession spark;
  private final Lake lake;
  private final Contract contract;
  private final Clock clock;
  private final String runId;
  private final Ledger ledger;
  private final QuarantineTable quarantine;
  private final SilverTable silver;
  private final DeletesTable deletes;

  public Replay(
      SparkSession spark, Lake lake, Ledger ledger, Contract contract, Clock clock, String runId) {
    this.spark = spark;
    this.lake = lake;
    this.contract = contract;
    this.clock = clock;
    this.runId = runId;
    this.ledger = ledger;
    this.quarantine = new QuarantineTable(spark, lake, contract);
    this.silver = new SilverTable(spark, lake, contract);
    this.deletes = new DeletesTable(spark, lake, ledger, contract);
  }

  private String application() {
    return "medallion/replay/" + contract.table();
  }

  /** Not the run alone: a run may replay twice, and be cut off the second time. */
  private static String replayId(String runId, long batchId) {
    return runId + "/" + batchId;
  }

  /** Completes a replay that was cut off. */
  void complete() {
    Recovery.complete(
        ledger, JOB, contract.table(), Recovery.ofTable(silver.table(), application(), JOB));
    Optional<Entry> last = ledger.last(JOB, contract.table());
    if (last.isPresent()) {
      String replayId = replayId(last.get().runId(), last.get().batchId());
      if (quarantine.holdsMarked(replayId)) {
        quarantine.remove(replayId);
      }
    }
    deletes.removeUnrecorded(JOB);
  }

  /**
   * Replays the records that the filter selects.
   *
   * @return what it did; empty where none of them passes
   */
  public Optional<SilverSummary> run(QuarantineFilter filter) {
    Instant started = clock.instant();
    if (!quarantine.table().exists()) {
      return Optional.empty();
    }
    silver.prepare();
    complete();
    Dataset<Row> selected = quarantine.select(filter);
    List<ManifestFile> files = quarantine.files(lake.manifest(spark), selected);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    long batchId = nextNumber();
    ExistingKeys held = new ExistingKeys(contract, silver, deletes);
    try (SilverBatch batch = new SilverBatch(contract, held, parse(selected, files), false)) {
      if (!batch.anyPassed()) {
        return Optional.empty();
      }
      Entry entry = entry(batchId, started, files, batch);
      String replayId = replayId(runId, batchId);
      quarantine.mark(batch.passing(), replayId);
      deletes.write(batch, JOB, application(), batchId);
      if (!silver.write(batch, application(), entry)) {
        throw new IllegalStateException(
            "another process has made replay %d of %s; what this one marked is still quarantined"
                .formatted(batchId, contract.table()));
      }
      ledger.append(entry);
      quarantine.remove(replayId);
      return Optional.of(
          new SilverSummary(
              silver.table().qualifiedName(),
              JOB,
              batchId,
              files.size(),
              entry.total(),
              0,
              silver.table().version(),
              Duration.between(started, clock.instant())));
    }
  }

  /**
   * The number after the last replay's, or that of one which was cut off before it reached the
   * table. Ledger and tables each may have been made anew or restored, so that it has forgotten
   * some; a number that the table has would be passed over, and the record lost.
   */
  private long nextNumber() {
    long number =
        1
            + Math.max(
                ledger.lastBatch(JOB, contract.table()),
                silver.table().lastTransaction(application()).orElse(-1));
    return deletes.exists()
        ? Math.max(number, deletes.table().lastTransaction(application()).orElse(-1))
        : number;
  }

  private Dataset<Row> parse(Dataset<Row> selected, List<ManifestFile> files) {
    Map<String, List<ManifestFile>> byFeed =
        files.stream().collect(Collectors.groupingBy(ManifestFile::feed));
    List<Dataset<Row>> parsed = new ArrayList<>();
    byFeed.forEach(
        (name, ofFeed) -> {
          Feed feed = contract.feed(name);
          parsed.add(
              Records.ofQuarantine(
                  spark,
                  lake.root(),
                  contract,
                  feed,
                  selected.where(org.apache.spark.sql.functions.col("feed").equalTo(name)),
                  ofFeed));
        });
    return parsed.stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private Entry entry(long batchId, Instant started, List<ManifestFile> files, SilverBatch batch) {
    return Entry.ofBatch(JOB, contract.table(), batchId)
        .runId(runId)
        .fingerprint(contract.digest())
        .between(started, clock.instant())
        .filesIn(files.size())
        .versions(Map.of(silver.table().qualifiedName(), silver.table().version() + 1))
        .accounts(batch.replayAccounts())
        .build();
  }
}

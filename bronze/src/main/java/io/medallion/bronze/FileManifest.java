package io.medallion.bronze;

import static org.apache.spark.sql.functions.col;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.ManifestRow;
import io.medallion.core.manifest.ReceivedFile;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.TableSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A feed's files in {@code bronze.manifest} and in the ledger: which are known already, and the
 * commit of new ones beside other landings.
 */
final class FileManifest {
  private static final int COMMIT_ATTEMPTS = 10;

  private static final String JOB = "bronze";

  private final SparkSession spark;
  private final LakeTable manifest;
  private final Ledger ledger;
  private final Contract contract;
  private final Feed feed;
  private final Clock clock;
  private final String runId;

  FileManifest(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Feed feed,
      Clock clock,
      String runId) {
    this.spark = spark;
    this.manifest = lake.manifest(spark);
    this.ledger = ledger;
    this.contract = contract;
    this.feed = feed;
    this.clock = clock;
    this.runId = runId;
  }

  long version() {
    return manifest.version();
  }

  /**
   * What the manifest has of some files, and what the ledger lacks.
   *
   * @param version the manifest's version that was read
   * @param sizes of all files in {@code bySha256}
   * @param unledgered files of landings that are not in the ledger
   */
  record Known(
      long version,
      Map<String, ReceivedFile> bySha256,
      Set<Long> sizes,
      List<ReceivedFile> unledgered) {

    /** The same, as if nothing had been committed at that version or later. */
    Known before(long commit) {
      return new Known(
          version,
          bySha256,
          sizes,
          unledgered.stream()
              .filter(f -> f.landingSeq() < commit * BronzeLanding.FILES_PER_LANDING)
              .toList());
    }
  }

  /**
   * What the manifest has of a feed's files of these sizes, for who only looks.
   *
   * @param manifest absent where nothing ever landed
   */
  static Known known(Optional<TableSnapshot> manifest, Feed feed, Set<Long> sizesBytes) {
    if (manifest.isEmpty()) {
      return new Known(-1, Map.of(), Set.of(), List.of());
    }
    Bounds ofSizes =
        Bounds.where("feed", feed.name()).andOneOf("size_bytes", List.copyOf(sizesBytes));
    return known(
        manifest.get().version(),
        manifest.get().collect(manifest.get().columns(), ofSizes, ManifestRow::file),
        Long.MAX_VALUE);
  }

  private static Known known(long version, List<ManifestFile> files, long ledgered) {
    List<ReceivedFile> rows =
        files.stream()
            .filter(ReceivedFile.class::isInstance)
            .map(ReceivedFile.class::cast)
            .toList();
    Map<String, ReceivedFile> bySha256 = new HashMap<>();
    for (ReceivedFile row : rows) {
      bySha256.merge(row.contentSha256(), row, (a, b) -> a.landed() ? a : b);
    }
    return new Known(
        version,
        bySha256,
        rows.stream().map(ReceivedFile::sizeBytes).collect(Collectors.toSet()),
        rows.stream().filter(row -> row.landingSeq() >= ledgered).toList());
  }

  /** What the manifest has of files of these sizes. */
  Known known(Set<Long> sizesBytes) {
    long version = manifest.version();
    if (version < 0) {
      return new Known(version, Map.of(), Set.of(), List.of());
    }
    Object[] sizes = sizesBytes.toArray();
    long ledgered = (ledger.lastBatch(JOB, feed.name()) + 1) * BronzeLanding.FILES_PER_LANDING;
    Column unledgered = col("landing_seq").geq(ledgered);
    return known(
        version,
        manifest
            .read(version)
            .where(col("feed").equalTo(feed.name()))
            .where(col("size_bytes").isin(sizes).or(unledgered))
            .collectAsList()
            .stream()
            .map(Manifest::file)
            .toList(),
        ledgered);
  }

  /** Records landings whose process died between the manifest's commit and the ledger's. */
  void recoverLedger(Known known) {
    Recovery.complete(
        ledger,
        JOB,
        feed.name(),
        lastBatch ->
            new TreeMap<>(
                    known.unledgered().stream()
                        .collect(
                            Collectors.groupingBy(
                                f -> f.landingSeq() / BronzeLanding.FILES_PER_LANDING)))
                .tailMap(lastBatch, false).entrySet().stream()
                    .map(
                        landing -> {
                          List<ReceivedFile> files = landing.getValue();
                          Instant landedAt = files.get(0).landedAt();
                          return entry(landing.getKey(), files, landedAt, landedAt);
                        })
                    .toList());
  }

  /**
   * Commits what landed or was rejected, and records it in the ledger.
   *
   * @param lander removes again what another landing has committed meanwhile
   * @param knownVersion the manifest's version that the outcomes were decided by
   * @return the outcomes, with landing numbers; {@link Outcome.Repeated} for files that another
   *     landing has committed meanwhile
   */
  List<Outcome> commit(
      List<Outcome> outcomes, FileLander lander, long knownVersion, Instant started) {
    List<Outcome> current = outcomes;
    for (int attempt = 1; ; attempt++) {
      long version = manifest.version() + 1;
      current = number(current, version);
      List<ReceivedFile> files = landedOrRejected(current);
      if (files.isEmpty()) {
        return current;
      }
      if (!written(files, version, attempt)) {
        continue;
      }
      if (version != knownVersion + 1 || manifest.version() != version) {
        // Another landing committed in between: the MERGE left out what that one had landed.
        current = confirm(current, lander, version);
        // Its process may append its entry after this one, and the ledger takes none below its
        // last.
        recoverLedger(known(Set.of()).before(version));
      }
      List<ReceivedFile> committed = landedOrRejected(current);
      if (!committed.isEmpty()) {
        ledger.append(entry(version, committed, started, clock.instant()));
      }
      return current;
    }
  }

  /** False where another landing changed the manifest in between: it is to be tried again. */
  private boolean written(List<ReceivedFile> files, long version, int attempt) {
    try {
      return write(files, version);
    } catch (DeltaConcurrentModificationException e) {
      if (attempt == COMMIT_ATTEMPTS) {
        throw new LakeException(
            "other landings kept changing bronze.manifest: " + e.getMessage(),
            "run the command again when they are done",
            e);
      }
      return false;
    }
  }

  private static List<ReceivedFile> landedOrRejected(List<Outcome> outcomes) {
    List<ReceivedFile> files = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed) {
        files.add(landed.file());
      } else if (outcome instanceof Outcome.Rejected rejected) {
        files.add(rejected.file());
      }
    }
    return files;
  }

  private List<Outcome> confirm(List<Outcome> outcomes, FileLander lander, long version) {
    Set<String> committed =
        manifest
            .read()
            .where(col("feed").equalTo(feed.name()).and(col("run_id").equalTo(runId)))
            .where(col("landing_seq").geq(version * BronzeLanding.FILES_PER_LANDING))
            .select("content_sha256")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .collect(Collectors.toSet());
    return outcomes.stream()
        .map(
            outcome ->
                landedOrRejected(List.of(outcome)).stream()
                    .filter(file -> !committed.contains(file.contentSha256()))
                    .findFirst()
                    .map(lander::discardRepeated)
                    .orElse(outcome))
        .toList();
  }

  /** Gives landing numbers in order, from the first of a manifest version on. */
  static List<Outcome> number(List<Outcome> outcomes, long version) {
    List<Outcome> numbered = new ArrayList<>();
    long next = version * BronzeLanding.FILES_PER_LANDING;
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed) {
        numbered.add(new Outcome.Landed(landed.file().withLandingSeq(next++)));
      } else if (outcome instanceof Outcome.Rejected rejected) {
        numbered.add(new Outcome.Rejected(rejected.file().withLandingSeq(next++)));
      } else {
        numbered.add(outcome);
      }
    }
    return numbered;
  }

  /** False where another landing made the manifest in between. */
  private boolean write(List<ReceivedFile> files, long version) {
    Dataset<Row> rows =
        spark
            .createDataFrame(
                files.stream()
                    .sorted(Comparator.comparingLong(ReceivedFile::landingSeq))
                    .map(Manifest::row)
                    .toList(),
                Manifest.SCHEMA)
            .coalesce(1);
    return version == 0 ? create(rows) : merge(rows, ofSizes(files));
  }

  private boolean create(Dataset<Row> rows) {
    try {
      rows.write()
          .format("delta")
          .mode("errorifexists")
          .options(Manifest.PROPERTIES)
          .save(manifest.path());
      return true;
    } catch (Exception e) {
      if (manifest.exists()) {
        return false;
      }
      throw e;
    }
  }

  private boolean merge(Dataset<Row> rows, String ofSizes) {
    manifest
        .delta()
        .as("known")
        .merge(
            rows.as("landed"),
            "known.feed = landed.feed AND known.content_sha256 = landed.content_sha256"
                + " AND known.status = landed.status AND known.reason <=> landed.reason"
                + ofSizes)
        .whenNotMatched()
        .insertAll()
        .execute();
    return true;
  }

  /**
   * A condition on the files' sizes, by which Delta skips the manifest's files of other landings.
   */
  private static String ofSizes(List<ReceivedFile> files) {
    return files.stream()
        .map(file -> String.valueOf(file.sizeBytes()))
        .distinct()
        .collect(Collectors.joining(", ", " AND known.size_bytes IN (", ")"));
  }

  private Entry entry(
      long version, List<ReceivedFile> files, Instant startedAt, Instant finishedAt) {
    return Entry.ofBatch(JOB, feed.name(), version)
        .runId(files.get(0).runId())
        .fingerprint(contract.digest())
        .between(startedAt, finishedAt)
        .filesIn(files.size())
        .filesRejected(files.stream().filter(file -> !file.landed()).count())
        .bytes(files.stream().mapToLong(ReceivedFile::sizeBytes).sum())
        .rowsIn(files.stream().mapToLong(ReceivedFile::recordCount).sum())
        .versions(Map.of(manifest.qualifiedName(), version))
        .build();
  }
}

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
import io.medallion.core.manifest.Rejection;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.TableSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.spark.sql.RowFactory;
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

  private static Known known(long version, List<? extends ManifestFile> files, long ledgered) {
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
    return known(version, received(col("size_bytes").isin(sizes).or(unledgered)), ledgered);
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
    long decidedBy = knownVersion;
    for (int attempt = 1; ; attempt++) {
      long version = manifest.version();
      if (version != decidedBy) {
        current = withoutKnown(current, lander);
        decidedBy = version;
      }
      current = number(current, version + 1);
      List<ReceivedFile> files = landedOrRejected(current);
      if (files.isEmpty()) {
        return current;
      }
      if (!written(files, version, attempt)) {
        continue;
      }
      if (version != knownVersion) {
        // The other landing's process may append its entry after this one, and the ledger takes
        // none below its last.
        recoverLedger(known(Set.of()).before(version + 1));
      }
      ledger.append(entry(version + 1, files, started, clock.instant()));
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

  /** The outcomes without files that another landing has committed since they were decided. */
  private List<Outcome> withoutKnown(List<Outcome> outcomes, FileLander lander) {
    Set<Identity> known =
        ofSizes(
                landedOrRejected(outcomes).stream()
                    .<Object>map(ReceivedFile::sizeBytes)
                    .distinct()
                    .toArray())
            .stream()
            .map(Identity::of)
            .collect(Collectors.toSet());
    return outcomes.stream()
        .map(
            outcome ->
                landedOrRejected(List.of(outcome)).stream()
                    .filter(file -> known.contains(Identity.of(file)))
                    .findFirst()
                    .map(lander::discardRepeated)
                    .orElse(outcome))
        .toList();
  }

  /** By which a file of the feed is the same as another: a rejected one by its reason too. */
  private record Identity(String contentSha256, Optional<String> reason) {
    static Identity of(ReceivedFile file) {
      return new Identity(
          file.contentSha256(),
          file instanceof Rejection rejection ? Optional.of(rejection.reason()) : Optional.empty());
    }
  }

  private List<ReceivedFile> ofSizes(Object[] sizes) {
    return received(col("size_bytes").isin(sizes));
  }

  private List<ReceivedFile> received(Column which) {
    return manifest
        .rowsWithin()
        .where(col("feed").equalTo(feed.name()).and(which))
        .collectAsList()
        .stream()
        .map(Manifest::file)
        .filter(ReceivedFile.class::isInstance)
        .map(ReceivedFile.class::cast)
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
    List<Row> rows =
        files.stream()
            .sorted(Comparator.comparingLong(ReceivedFile::landingSeq))
            .map(Manifest::row)
            .toList();
    if (version < 0) {
      return create(spark.createDataFrame(rows, Manifest.SCHEMA).coalesce(1));
    }
    manifest.appendTo(version, rows.stream().map(this::inColumns).toList());
    return true;
  }

  /** A manifest that was made for files alone has no column for events. */
  private Row inColumns(Row row) {
    List<String> names = List.of(Manifest.SCHEMA.fieldNames());
    return RowFactory.create(
        Arrays.stream(manifest.schema().fieldNames())
            .map(name -> names.contains(name) ? row.get(names.indexOf(name)) : null)
            .toArray());
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

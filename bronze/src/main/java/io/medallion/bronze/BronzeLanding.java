package io.medallion.bronze;

import static org.apache.spark.sql.functions.col;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Lands files of a feed: bytes first, then one commit of {@code bronze.manifest} that names them.
 *
 * <p>A file that is in the manifest already, by its content, is not landed again. Several landings
 * may run at once: the commit is an insert-only MERGE by content, so the same bytes land once.
 */
public final class BronzeLanding {
  /** Landing numbers of one manifest version: more files than a landing can hold. */
  public static final long FILES_PER_LANDING = 10_000_000;

  private static final int COMMIT_ATTEMPTS = 10;

  /** Large enough to be read efficiently, small enough that every core gets some. */
  private static final long PART_BYTES = 32L << 20;

  private static final String JOB = "bronze";

  private final SparkSession spark;
  private final Contract contract;
  private final Feed feed;
  private final Clock clock;
  private final String runId;
  private final Lake lake;
  private final LakeTable manifest;
  private final Ledger ledger;
  private final FileLander lander;
  private final Configuration hadoop;

  public BronzeLanding(
      SparkSession spark, Lake lake, Contract contract, Feed feed, Clock clock, String runId) {
    this(spark, lake, contract, feed, clock, runId, PART_BYTES);
  }

  BronzeLanding(
      SparkSession spark,
      Lake lake,
      Contract contract,
      Feed feed,
      Clock clock,
      String runId,
      long partBytes) {
    if (feed.topic().isPresent()) {
      throw new ConfigurationException(
          new Mistake(
              "--feed " + feed.name(),
              "it is a feed of a topic, not of files",
              "name its broker with --bootstrap-servers, or name a feed of kind files"));
    }
    this.spark = spark;
    this.lake = lake;
    this.contract = contract;
    this.feed = feed;
    this.clock = clock;
    this.runId = runId;
    this.manifest = lake.manifest(spark);
    this.ledger = new Ledger(spark, lake);
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.lander = new FileLander(lake, contract, feed, hadoop, clock, runId, partBytes);
  }

  /**
   * Lands every file that the sources name.
   *
   * @param sources paths of files and directories, and globs
   * @throws io.medallion.core.ConfigurationException naming every source that matches nothing
   * @throws LakeException where the lake cannot be written
   */
  public LandingSummary land(List<String> sources) {
    Instant started = clock.instant();
    List<FileStatus> files = SourceFiles.list(sources, hadoop);
    checkWritable();
    Known known = known(files);
    recoverLedger(known);
    List<Outcome> outcomes = dropRepeats(landAll(files, known, lander), lander);
    outcomes = commit(outcomes, known.version(), started);
    return new LandingSummary(
        feed.name(), outcomes, manifest.version(), Duration.between(started, clock.instant()));
  }

  /**
   * Lands the files into a scratch lake and leaves the manifest alone: for looking at what a run
   * would do.
   *
   * @param scratch a lake that the caller removes
   * @return as {@link #land}, with landing numbers that the next landing would give
   */
  public LandingSummary rehearse(List<String> sources, Lake scratch) {
    Instant started = clock.instant();
    List<FileStatus> files = SourceFiles.list(sources, hadoop);
    FileLander rehearsal =
        new FileLander(scratch, contract, feed, hadoop, clock, runId, PART_BYTES);
    List<Outcome> outcomes = dropRepeats(landAll(files, known(files), rehearsal), rehearsal);
    return new LandingSummary(
        feed.name(),
        number(outcomes, manifest.version() + 1),
        manifest.version(),
        Duration.between(started, clock.instant()));
  }

  private void checkWritable() {
    Path root = new Path(lake.root());
    try {
      Path bronze = new Path(root, "bronze/" + feed.name());
      if (!bronze.getFileSystem(hadoop).mkdirs(bronze)) {
        throw new IOException("the folder cannot be made");
      }
    } catch (IOException e) {
      throw new LakeException(
          "the lake " + lake.root() + " cannot be written: " + e.getMessage(),
          "choose another place with --lake, or give this user the right to write there",
          e);
    }
  }

  /** What the manifest holds, at a version of it, that matters for these files. */
  private record Known(
      long version,
      Map<String, ManifestFile> bySha256,
      Set<Long> sizes,
      List<ManifestFile> unledgered) {

    /** The same, as if nothing had been committed at that version or later. */
    Known before(long commit) {
      return new Known(
          version,
          bySha256,
          sizes,
          unledgered.stream().filter(f -> f.landingSeq() < commit * FILES_PER_LANDING).toList());
    }
  }

  private Known known(List<FileStatus> files) {
    long version = manifest.version();
    if (version < 0) {
      return new Known(version, Map.of(), Set.of(), List.of());
    }
    Object[] sizes = files.stream().map(FileStatus::getLen).distinct().toArray();
    long ledgered = (ledger.lastBatch(JOB, feed.name()) + 1) * FILES_PER_LANDING;
    Column unledgered = col("landing_seq").geq(ledgered);
    List<ManifestFile> rows =
        manifest
            .read(version)
            .where(col("feed").equalTo(feed.name()))
            .where(col("size_bytes").isin(sizes).or(unledgered))
            .collectAsList()
            .stream()
            .map(Manifest::file)
            .toList();
    Map<String, ManifestFile> bySha256 = new HashMap<>();
    for (ManifestFile row : rows) {
      bySha256.merge(row.contentSha256(), row, (a, b) -> a.landed() ? a : b);
    }
    return new Known(
        version,
        bySha256,
        rows.stream().map(ManifestFile::sizeBytes).collect(Collectors.toSet()),
        rows.stream().filter(row -> row.landingSeq() >= ledgered).toList());
  }

  /** Books landings whose process died between the manifest's commit and the ledger's. */
  private void recoverLedger(Known known) {
    new TreeMap<>(
            known.unledgered().stream()
                .collect(Collectors.groupingBy(f -> f.landingSeq() / FILES_PER_LANDING)))
        .forEach(
            (version, files) ->
                book(version, files, files.get(0).landedAt(), files.get(0).landedAt()));
  }

  private List<Outcome> landAll(List<FileStatus> files, Known known, FileLander into) {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(8, Runtime.getRuntime().availableProcessors()));
    try {
      List<Future<Outcome>> futures = new ArrayList<>();
      for (FileStatus file : files) {
        futures.add(pool.submit(() -> landUnlessKnown(file, known, into)));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException("landing was interrupted", "run the command again", e);
    } catch (ExecutionException e) {
      throw new LakeException(
          "landing broke: " + e.getCause().getMessage(), "run the command again", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private Outcome landUnlessKnown(FileStatus file, Known known, FileLander into)
      throws IOException {
    Optional<ManifestFile> earlier = repeated(file, known);
    if (earlier.isPresent() && earlier.get().landed()) {
      return new Outcome.Repeated(file.getPath().toString(), earlier.get().fileId(), true);
    }
    Outcome outcome = into.land(file);
    if (earlier.isPresent()
        && outcome instanceof Outcome.Rejected rejected
        && rejected.file().reason().equals(earlier.get().reason())) {
      return repeat(rejected.file(), into);
    }
    return outcome;
  }

  private Optional<ManifestFile> repeated(FileStatus file, Known known) {
    if (!known.sizes().contains(file.getLen())) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(known.bySha256().get(lander.contentSha256(file)));
    } catch (IOException e) {
      // Landing it says why it cannot be read.
      return Optional.empty();
    }
  }

  private List<Outcome> dropRepeats(List<Outcome> outcomes, FileLander into) {
    Set<String> seen = new HashSet<>();
    List<Outcome> kept = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed && !seen.add(landed.file().contentSha256())) {
        kept.add(repeat(landed.file(), into));
      } else if (outcome instanceof Outcome.Rejected rejected
          && !seen.add(rejected.file().contentSha256())) {
        kept.add(repeat(rejected.file(), into));
      } else {
        kept.add(outcome);
      }
    }
    return kept;
  }

  private Outcome repeat(ManifestFile file, FileLander into) {
    try {
      into.discard(file);
    } catch (IOException e) {
      throw new LakeException(
          "a repeated landing of " + file.sourceUri() + " cannot be removed: " + e.getMessage(),
          "give this user the right to delete below " + lake.root() + "/bronze",
          e);
    }
    return new Outcome.Repeated(file.sourceUri(), file.fileId(), file.landed());
  }

  private List<Outcome> commit(List<Outcome> outcomes, long knownVersion, Instant started) {
    List<Outcome> current = outcomes;
    for (int attempt = 1; ; attempt++) {
      long version = manifest.version() + 1;
      current = number(current, version);
      List<ManifestFile> files = landedOrRejected(current);
      if (files.isEmpty()) {
        return current;
      }
      try {
        if (!write(files, version)) {
          continue;
        }
        if (version != knownVersion + 1 || manifest.version() != version) {
          // Another landing came between: what it landed first, the MERGE left out.
          current = confirm(current, version);
          // It may book after this one, and the ledger takes none below its last.
          recoverLedger(known(List.of()).before(version));
        }
        List<ManifestFile> committed = landedOrRejected(current);
        if (!committed.isEmpty()) {
          book(version, committed, started, clock.instant());
        }
        return current;
      } catch (DeltaConcurrentModificationException e) {
        if (attempt == COMMIT_ATTEMPTS) {
          throw new LakeException(
              "other landings kept changing bronze.manifest: " + e.getMessage(),
              "run the command again when they are done",
              e);
        }
      }
    }
  }

  private static List<ManifestFile> landedOrRejected(List<Outcome> outcomes) {
    List<ManifestFile> files = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed) {
        files.add(landed.file());
      } else if (outcome instanceof Outcome.Rejected rejected) {
        files.add(rejected.file());
      }
    }
    return files;
  }

  private List<Outcome> confirm(List<Outcome> outcomes, long version) {
    Set<String> committed =
        manifest
            .read()
            .where(col("feed").equalTo(feed.name()).and(col("run_id").equalTo(runId)))
            .where(col("landing_seq").geq(version * FILES_PER_LANDING))
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
                    .map(file -> repeat(file, lander))
                    .orElse(outcome))
        .toList();
  }

  private static List<Outcome> number(List<Outcome> outcomes, long version) {
    List<Outcome> numbered = new ArrayList<>();
    long next = version * FILES_PER_LANDING;
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
  private boolean write(List<ManifestFile> files, long version) {
    Dataset<Row> rows =
        spark
            .createDataFrame(
                files.stream()
                    .sorted(Comparator.comparingLong(ManifestFile::landingSeq))
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

  /** What the landed files' sizes alone say, so that Delta reads no file of the manifest's past. */
  private static String ofSizes(List<ManifestFile> files) {
    return files.stream()
        .map(file -> String.valueOf(file.sizeBytes()))
        .distinct()
        .collect(Collectors.joining(", ", " AND known.size_bytes IN (", ")"));
  }

  private void book(long version, List<ManifestFile> files, Instant startedAt, Instant finishedAt) {
    ledger.append(
        new Entry(
            files.get(0).runId(),
            JOB,
            feed.name(),
            version,
            contract.digest(),
            startedAt,
            finishedAt,
            files.size(),
            files.stream().filter(file -> !file.landed()).count(),
            files.stream().mapToLong(ManifestFile::sizeBytes).sum(),
            files.stream().mapToLong(ManifestFile::recordCount).sum(),
            0,
            Map.of(manifest.qualifiedName(), version),
            List.of()));
  }
}

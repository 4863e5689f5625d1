package io.medallion.bronze;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.ReceivedFile;
import io.medallion.core.manifest.Rejection;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
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

  /** Large enough to be read efficiently, small enough that every core gets some. */
  private static final long PART_BYTES = 32L << 20;

  private final Contract contract;
  private final Feed feed;
  private final Clock clock;
  private final String runId;
  private final Lake lake;
  private final FileManifest manifest;
  private final FileLander lander;
  private final Configuration hadoop;

  public BronzeLanding(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Feed feed,
      Clock clock,
      String runId) {
    this(spark, lake, ledger, contract, feed, clock, runId, PART_BYTES);
  }

  BronzeLanding(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
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
    this.lake = lake;
    this.contract = contract;
    this.feed = feed;
    this.clock = clock;
    this.runId = runId;
    this.manifest = new FileManifest(spark, lake, ledger, contract, feed, clock, runId);
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
    FileManifest.Known known = manifest.known(files);
    manifest.recoverLedger(known);
    List<Outcome> outcomes = dropRepeats(landAll(files, known, lander), lander);
    outcomes = manifest.commit(outcomes, lander, known.version(), started);
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
  public LandingSummary dryRun(List<String> sources, Lake scratch) {
    Instant started = clock.instant();
    List<FileStatus> files = SourceFiles.list(sources, hadoop);
    FileLander scratchLander =
        new FileLander(scratch, contract, feed, hadoop, clock, runId, PART_BYTES);
    List<Outcome> outcomes =
        dropRepeats(landAll(files, manifest.known(files), scratchLander), scratchLander);
    return new LandingSummary(
        feed.name(),
        FileManifest.number(outcomes, manifest.version() + 1),
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

  private List<Outcome> landAll(List<FileStatus> files, FileManifest.Known known, FileLander into) {
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

  private Outcome landUnlessKnown(FileStatus file, FileManifest.Known known, FileLander into)
      throws IOException {
    Optional<ReceivedFile> earlier = repeated(file, known);
    if (earlier.isPresent() && earlier.get().landed()) {
      return new Outcome.Repeated(file.getPath().toString(), earlier.get().fileId(), true);
    }
    Outcome outcome = into.land(file);
    if (earlier.isPresent()
        && earlier.get() instanceof Rejection before
        && outcome instanceof Outcome.Rejected rejected
        && rejected.reason().equals(before.reason())) {
      return into.discardRepeated(rejected.file());
    }
    return outcome;
  }

  private Optional<ReceivedFile> repeated(FileStatus file, FileManifest.Known known) {
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
        kept.add(into.discardRepeated(landed.file()));
      } else if (outcome instanceof Outcome.Rejected rejected
          && !seen.add(rejected.file().contentSha256())) {
        kept.add(into.discardRepeated(rejected.file()));
      } else {
        kept.add(outcome);
      }
    }
    return kept;
  }
}

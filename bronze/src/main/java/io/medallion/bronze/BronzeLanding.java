package io.medallion.bronze;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Ledger;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Lands files of a feed: bytes first, then one commit of {@code bronze.manifest} that names them.
 *
 * <p>A file that is in the manifest already, by its content, is not landed again. Several landings
 * may run at once: the commit fails where another came in between, and is tried again without what
 * that one has landed, so the same bytes land once.
 */
public final class BronzeLanding {
  /** Landing numbers of one manifest version: more files than a landing can hold. */
  public static final long FILES_PER_LANDING = 10_000_000;

  /** Large enough to be read efficiently, small enough that every core gets some. */
  static final long PART_BYTES = 32L << 20;

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
    requireFiles(feed);
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
    SourceFiles.Listing listing = SourceFiles.list(sources, feed.intake(), hadoop, started);
    checkWritable();
    FileManifest.Known known = manifest.known(listing.sizesBytes(feed.intake(), hadoop));
    manifest.recoverLedger(known);
    List<Outcome> outcomes = new SourceLanding(lander, known).land(listing.files());
    outcomes = manifest.commit(outcomes, lander, known.version(), started);
    outcomes = listing.withLeft(outcomes);
    return new LandingSummary(
        feed.name(), outcomes, manifest.version(), Duration.between(started, clock.instant()));
  }

  /**
   * @throws ConfigurationException where the feed is one of a topic
   */
  static void requireFiles(Feed feed) {
    if (feed.topic().isPresent()) {
      throw new ConfigurationException(
          new Mistake(
              "--feed " + feed.name(),
              "it is a feed of a topic, not of files",
              "name its broker with --bootstrap-servers, or name a feed of kind files"));
    }
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
}

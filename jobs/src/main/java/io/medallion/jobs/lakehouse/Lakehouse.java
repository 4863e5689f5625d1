package io.medallion.jobs.lakehouse;

import io.medallion.bronze.BronzeLanding;
import io.medallion.bronze.topic.TopicLanding;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.s3.S3Settings;
import io.medallion.gold.build.BuildChanges;
import io.medallion.gold.build.GoldStream;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.Installation;
import io.medallion.jobs.config.SparkDefaults;
import io.medallion.silver.SilverStream;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.WarehouseLoad;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * What every command uses: the session, the clock, the lake and its ledger, contracts and stars.
 *
 * @param ownsSession whether the session ends with this; one that was there before stays
 * @param runId names this process in the ledger
 */
public record Lakehouse(
    SparkSession spark,
    boolean ownsSession,
    Lake lake,
    Ledger ledger,
    Configuration configuration,
    Clock clock,
    String runId)
    implements AutoCloseable {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  /** With a ledger of its own. */
  public Lakehouse(
      SparkSession spark,
      boolean ownsSession,
      Lake lake,
      Configuration configuration,
      Clock clock,
      String runId) {
    this(spark, ownsSession, lake, new Ledger(spark, lake), configuration, clock, runId);
  }

  /** Reads the configuration first, so that its mistakes are reported before Spark starts. */
  public static Lakehouse open(Arguments arguments) {
    return open(arguments, arguments.text(CommandSpec.LAKE));
  }

  public static Lakehouse open(Arguments arguments, String lakeRoot) {
    return open(arguments, lakeRoot, Configuration.read(arguments.maybe(CommandSpec.CONFIG)));
  }

  /** For a command that computes no SQL expression of contracts and stars: none is checked. */
  public static Lakehouse openToQuery(Arguments arguments) {
    return open(
        arguments,
        arguments.text(CommandSpec.LAKE),
        Configuration.readToLook(arguments.maybe(CommandSpec.CONFIG)));
  }

  private static Lakehouse open(Arguments arguments, String lakeRoot, Configuration configuration) {
    Clock clock = Clock.systemUTC();
    String runId =
        RUN_TIME.format(clock.instant()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    boolean ownsSession = SparkSession.getDefaultSession().isEmpty();
    Lake lake = new Lake(absolute(lakeRoot));
    SparkSession spark = session(arguments.installation());
    S3Settings.prepare(spark, lake.root());
    return new Lakehouse(spark, ownsSession, lake, configuration, clock, runId);
  }

  /** A scheme with a path behind it: {@code file:/lake} is no folder of the name {@code file:}. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");

  private static final Pattern PASSWORD = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*@");

  public static String absolute(String root) {
    if (PASSWORD.matcher(root).find()) {
      throw new ConfigurationException(
          new Mistake(
              "--lake",
              "the URI has a user or a password in it, which logs and the lake's tables would show",
              "leave it out: give credentials by the environment or a profile"));
    }
    return SCHEME.matcher(root).lookingAt()
        ? root
        : Path.of(root).toAbsolutePath().normalize().toString();
  }

  /** Adds the fixed settings to those of user, profile and Spark's defaults. */
  private static SparkSession session(Installation installation) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .config(S3Settings.complete(installation.applyTo(new SparkConf())))
            .appName("medallion");
    SparkDefaults.FIXED.forEach(fixed -> builder.config(fixed.key(), fixed.value()));
    return builder.getOrCreate();
  }

  /** The same lake for who only looks, with the session's settings of file systems. */
  public ReadOnlyLakehouse readOnly() {
    return new ReadOnlyLakehouse(
        new LakeReader(lake, spark.sparkContext().hadoopConfiguration()), configuration, clock);
  }

  public BronzeLanding bronze(String feed) {
    Contract contract = configuration.contractOfFeed(feed);
    return new BronzeLanding(spark, lake, ledger, contract, contract.feed(feed), clock, runId);
  }

  public TopicLanding topic(String feed, TopicSource source) {
    Contract contract = configuration.contractOfFeed(feed);
    return new TopicLanding(
        spark, lake, ledger, contract, contract.feed(feed), source, clock, runId);
  }

  public WriterLock writerLock() {
    return WriterLock.of(lake.root());
  }

  public SilverStream silver(Contract contract) {
    return new SilverStream(spark, lake, ledger, contract, clock, runId);
  }

  public GoldStream gold(Star star) {
    Contract contract = configuration.contracts().byTable(star.source());
    return new GoldStream(spark, lake, ledger, contract, star, clock, runId);
  }

  /**
   * Whether the star failed a check of severity error when it was last built, by whichever command
   * that was: then it must not reach a warehouse.
   */
  public boolean breached(Star star) {
    return new CheckResults(spark, lake)
        .latest(star.name()).stream().anyMatch(CheckResult::breaches);
  }

  public WarehouseLoad load(Star star, Warehouse warehouse) {
    return load(star, warehouse, BuildChanges.NONE);
  }

  /**
   * A load that has not started.
   *
   * @param built what this process has just changed in the star
   */
  public WarehouseLoad load(Star star, Warehouse warehouse, BuildChanges built) {
    return new WarehouseLoad(
        spark,
        lake,
        ledger,
        star,
        configuration.views().of(star),
        warehouse,
        clock,
        runId,
        built::between);
  }

  /** The contracts whose feeds have ever landed. */
  public List<Contract> fedContracts() {
    LakeTable manifest = lake.manifest(spark);
    if (!manifest.exists()) {
      return List.of();
    }
    List<String> feeds =
        manifest.read().select("feed").distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    return configuration.contracts().all().stream()
        .filter(c -> c.feeds().stream().anyMatch(feed -> feeds.contains(feed.name())))
        .toList();
  }

  /** The star of that name, or every star whose source exists in silver. */
  public List<Star> stars(Optional<String> name) {
    if (name.isPresent()) {
      return List.of(configuration.stars().byName(name.get()));
    }
    return configuration.stars().all().stream()
        .filter(star -> lake.table(spark, Lake.Layer.SILVER, star.source()).exists())
        .toList();
  }

  /** The star that the options name, or every star that the named feed fills. */
  public List<Star> starsFed(Arguments arguments) {
    return starsFedBy(arguments.text(CommandSpec.FEED), arguments);
  }

  /** The star that the options name, or every star that {@code feed} fills. */
  public List<Star> starsFedBy(String feed, Arguments arguments) {
    Optional<String> name = arguments.maybe(CommandSpec.STAR);
    return name.isPresent()
        ? List.of(configuration.stars().byName(name.get()))
        : configuration.stars().fedBy(configuration.contractOfFeed(feed).table());
  }

  @Override
  public void close() {
    if (ownsSession) {
      spark.stop();
    }
  }
}

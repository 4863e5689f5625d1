package io.medallion.jobs;

import io.medallion.bronze.BronzeLanding;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.s3.S3Settings;
import io.medallion.gold.GoldStream;
import io.medallion.gold.star.Star;
import io.medallion.gold.warehouse.Warehouse;
import io.medallion.gold.warehouse.WarehouseLoad;
import io.medallion.silver.SilverStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * What every command works with: the one session, the one clock, the lake, contracts and stars.
 *
 * @param ownsSession whether the session ends with this; one that was there before stays
 * @param runId names this process in the ledger
 */
record Lakehouse(
    SparkSession spark,
    boolean ownsSession,
    Lake lake,
    Configuration configuration,
    Clock clock,
    String runId)
    implements AutoCloseable {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  /** Reads the configuration first, so that its mistakes are told before Spark starts. */
  static Lakehouse open(Arguments arguments) {
    return open(arguments, arguments.text(CommandSpec.LAKE));
  }

  static Lakehouse open(Arguments arguments, String lakeRoot) {
    Configuration configuration = Configuration.read(arguments.maybe(CommandSpec.CONFIG));
    Clock clock = Clock.systemUTC();
    String runId =
        RUN_TIME.format(clock.instant()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    boolean ownsSession = SparkSession.getDefaultSession().isEmpty();
    Lake lake = new Lake(absolute(lakeRoot));
    SparkSession spark = session();
    S3Settings.prepare(spark, lake.root());
    return new Lakehouse(spark, ownsSession, lake, configuration, clock, runId);
  }

  private static String absolute(String root) {
    return root.contains("://") ? root : Path.of(root).toAbsolutePath().normalize().toString();
  }

  /** Spark's defaults and the caller's {@code --conf} decide the rest. */
  private static SparkSession session() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .config(S3Settings.complete(new SparkConf()))
            .appName("medallion")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.session.timeZone", "UTC")
            // Every source of a MERGE is kept or computed from what cannot change.
            .config("spark.databricks.delta.merge.materializeSource", "none")
            // A day mistyped as of the year 214 is a day like any other.
            .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
            .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    return builder.getOrCreate();
  }

  BronzeLanding bronze(String feed) {
    Contract contract = configuration.contractOfFeed(feed);
    return new BronzeLanding(spark, lake, contract, contract.feed(feed), clock, runId);
  }

  SilverStream silver(Contract contract) {
    return new SilverStream(spark, lake, contract, clock, runId);
  }

  GoldStream gold(Star star) {
    Contract contract = configuration.contracts().byTable(star.source());
    return new GoldStream(spark, lake, contract, star, clock, runId);
  }

  WarehouseLoad load(Star star, Warehouse warehouse) {
    return new WarehouseLoad(
        spark, lake, star, configuration.views().of(star), warehouse, clock, runId);
  }

  /** The contracts whose feeds have ever landed. */
  List<Contract> fedContracts() {
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

  /** The star of that name, or every star whose source stands in silver. */
  List<Star> stars(Optional<String> name) {
    if (name.isPresent()) {
      return List.of(configuration.stars().byName(name.get()));
    }
    return configuration.stars().all().stream()
        .filter(star -> lake.table(spark, Lake.Layer.SILVER, star.source()).exists())
        .toList();
  }

  /** The star that the options name, or every star that the named feed fills. */
  List<Star> starsFed(Arguments arguments) {
    Optional<String> name = arguments.maybe(CommandSpec.STAR);
    return name.isPresent()
        ? List.of(configuration.stars().byName(name.get()))
        : configuration
            .stars()
            .fedBy(configuration.contractOfFeed(arguments.text(CommandSpec.FEED)).table());
  }

  @Override
  public void close() {
    if (ownsSession) {
      spark.stop();
    }
  }
}

package io.medallion.testkit;

import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session that all tests of a JVM share.
 *
 * <p>It interprets its plans: code for a handful of rows takes longer to make than to run. Tests
 * that are to prove that compiled plans give the same ask for {@link #compilePlans}; {@code
 * -Dmedallion.plans=compiled} compiles those of every test.
 */
public final class LocalSession {
  private static final String WHOLE_STAGE = "spark.sql.codegen.wholeStage";
  private static final String FACTORY_MODE = "spark.sql.codegen.factoryMode";
  private static final boolean INTERPRETS =
      !"compiled".equals(System.getProperty("medallion.plans"));

  private static SparkSession session;

  private LocalSession() {}

  /** Returns the session, started at the first call; it ends with the JVM. */
  public static synchronized SparkSession shared() {
    if (session == null) {
      session =
          SparkSession.builder()
              .appName("medallion-tests")
              .master("local[2]")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .config("spark.databricks.delta.snapshotPartitions", "1")
              .config("spark.sql.shuffle.partitions", "2")
              // As the launcher has it for small jobs.
              .config("spark.sql.adaptive.enabled", "false")
              .config("spark.databricks.delta.merge.materializeSource", "none")
              .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
              .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
              .config(WHOLE_STAGE, Boolean.toString(!INTERPRETS))
              .config(FACTORY_MODE, INTERPRETS ? "NO_CODEGEN" : "FALLBACK")
              // The default of 100 is less than one star needs: everything is compiled again.
              .config("spark.sql.codegen.cache.maxEntries", "2000")
              // Nobody looks at the history of queries, which otherwise fills the heap.
              .config("spark.sql.ui.retainedExecutions", "1")
              .config("spark.ui.retainedJobs", "1")
              .config("spark.ui.retainedStages", "1")
              .config("spark.ui.retainedTasks", "1")
              .config("spark.sql.session.timeZone", "UTC")
              .config(
                  "spark.delta.logStore.s3a.impl", "io.medallion.core.s3.ConditionalPutLogStore")
              .config("spark.delta.logStore.file.impl", "io.medallion.core.lake.SyncedLogStore")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.catalogImplementation", "in-memory")
              .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }

  /** Compiles plans as production does for many rows, until {@link #interpretPlans}. */
  public static void compilePlans() {
    shared().conf().set(WHOLE_STAGE, "true");
    shared().conf().set(FACTORY_MODE, "FALLBACK");
  }

  /** Goes back to the settings for tests of a few rows. */
  public static void interpretPlans() {
    shared().conf().set(WHOLE_STAGE, Boolean.toString(!INTERPRETS));
    shared().conf().set(FACTORY_MODE, INTERPRETS ? "NO_CODEGEN" : "FALLBACK");
  }
}

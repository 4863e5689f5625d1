package io.medallion.testkit;

import org.apache.spark.sql.SparkSession;

/** The one Spark session that all tests of a JVM share. */
public final class LocalSession {
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
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.catalogImplementation", "in-memory")
              .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }
}

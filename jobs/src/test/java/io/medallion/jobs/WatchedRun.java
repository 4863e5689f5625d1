package io.medallion.jobs;

import io.medallion.jobs.config.SparkDefaults;
import org.apache.spark.sql.SparkSession;

/** The main job, in a session whose commits a test watches. */
final class WatchedRun {
  private WatchedRun() {}

  public static void main(String[] arguments) {
    SparkSession.Builder session = SparkSession.builder().appName("watched");
    SparkDefaults.FIXED.forEach(fixed -> session.config(fixed.key(), fixed.value()));
    // The job takes the session that is there; which class writes the log is the session's for
    // good.
    session.config("spark.delta.logStore.file.impl", WatchedCommits.class.getName()).getOrCreate();
    RunJob.main(arguments);
  }
}

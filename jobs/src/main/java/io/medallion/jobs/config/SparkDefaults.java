package io.medallion.jobs.config;

import java.util.List;
import java.util.regex.Pattern;

/** Settings of Spark that every session has, and how keys of Spark are classified. */
public final class SparkDefaults {
  private static final Pattern SECRET =
      Pattern.compile("secret|password|token|access[._]?key", Pattern.CASE_INSENSITIVE);
  private static final Pattern BEFORE_THE_START =
      Pattern.compile("spark\\.(master|submit\\..*|driver\\.(memory|extra.*|default.*)|jars.*)");

  /** A setting that every session has, whatever its user sets. */
  public record Fixed(String key, String value, String why) {}

  /** Without these, results would differ or tables could not be read. */
  public static final List<Fixed> FIXED =
      List.of(
          new Fixed(
              "spark.sql.extensions",
              "io.delta.sql.DeltaSparkSessionExtension",
              "Delta's own statements."),
          new Fixed(
              "spark.sql.catalog.spark_catalog",
              "org.apache.spark.sql.delta.catalog.DeltaCatalog",
              "Delta's tables."),
          new Fixed(
              "spark.delta.logStore.file.impl",
              "io.medallion.core.lake.SyncedLogStore",
              "Commits on a local disk outlive a power failure."),
          new Fixed("spark.sql.session.timeZone", "UTC", "A date is the same day everywhere."),
          new Fixed(
              "spark.databricks.delta.merge.materializeSource",
              "none",
              "Every source of a MERGE is kept or computed from what cannot change."),
          new Fixed(
              "spark.sql.parquet.datetimeRebaseModeInWrite",
              "CORRECTED",
              "A day mistyped as of the year 214 is a day like any other."),
          new Fixed(
              "spark.sql.parquet.datetimeRebaseModeInRead",
              "CORRECTED",
              "What was written so is read so."));

  private SparkDefaults() {}

  static boolean isFixed(String key) {
    return FIXED.stream().anyMatch(fixed -> fixed.key().equals(key));
  }

  /** Whether a setting takes effect when the JVM starts only, which is before a profile is read. */
  static boolean isOfTheStart(String key) {
    return BEFORE_THE_START.matcher(key).matches();
  }

  /** Whether SparkSubmit only notes there how it was called. */
  static boolean isOfTheCall(String key) {
    return key.startsWith("spark.app.") || key.startsWith("spark.submit.");
  }

  /** Whether the value under that key is never shown. */
  static boolean isSecret(String key) {
    return SECRET.matcher(key).find();
  }
}

package io.medallion.core.s3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark's default settings for a lake on S3. */
public final class S3Settings {
  private static final String HADOOP = "spark.hadoop.";
  private static final String PLUGINS = "spark.plugins";

  /**
   * A setting and its default.
   *
   * @param key as Spark's configuration names it
   */
  public record Setting(String key, String value, String why) {}

  /** Defaults, in the order of the reference. */
  public static final List<Setting> DEFAULTS =
      List.of(
          new Setting(
              "spark.delta.logStore.s3a.impl",
              ConditionalPutLogStore.class.getName(),
              "Commits by S3's conditional put. With Delta's own default several jobs at once lose"
                  + " commits."),
          new Setting(
              PLUGINS,
              S3RequestPlugin.class.getName(),
              "Adds the executors' S3 requests to the ledger's numbers."),
          hadoop(
              "fs.s3a.s3.client.factory.impl",
              CountingClientFactory.class.getName(),
              "S3A's own client, whose requests are counted."),
          hadoop(
              "fs.s3a.aws.credentials.provider",
              "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider,"
                  + "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider,"
                  + "com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
              "Who asks: fs.s3a.access.key and fs.s3a.secret.key (with fs.s3a.session.token) where they"
                  + " are set; else the environment (AWS_ACCESS_KEY_ID …), a Kubernetes service"
                  + " account's role, the profile of ~/.aws, the role of the container or machine."),
          hadoop(
              "fs.s3a.connection.maximum",
              "128",
              "Connections of a JVM. More than the threads that read and write at once, or they wait for"
                  + " each other."),
          hadoop("fs.s3a.threads.max", "64", "Threads of a JVM that upload, copy and delete."),
          hadoop(
              "fs.s3a.connection.timeout",
              "60000",
              "Milliseconds without a byte after which a request is given up and repeated."),
          hadoop("fs.s3a.connection.establish.timeout", "5000", "Milliseconds to connect in."),
          hadoop(
              "fs.s3a.attempts.maximum",
              "10",
              "Tries of the SDK for one request, with growing pauses, after 5xx, 503 SlowDown and broken"
                  + " connections."),
          hadoop(
              "fs.s3a.retry.limit",
              "7",
              "Tries of S3A for one operation, around those of the SDK: a body that was cut off, for"
                  + " instance."),
          hadoop("fs.s3a.retry.interval", "200ms", "First pause of S3A; it doubles."),
          hadoop(
              "fs.s3a.multipart.size",
              "64M",
              "Size of a part. An object has at most 10,000 of them."),
          hadoop(
              "fs.s3a.multipart.threshold",
              "128M",
              "Files from this size on are uploaded in parts; smaller ones cost one PUT."),
          hadoop(
              "fs.s3a.fast.upload.buffer",
              "disk",
              "Where parts wait for their upload. On disk no number of writers fills the memory."),
          hadoop(
              "fs.s3a.readahead.range",
              "1M",
              "A seek of less than this reads on in place of asking anew: small Parquet files come in two"
                  + " requests."),
          hadoop(
              "fs.s3a.change.detection.mode",
              "server",
              "A file that is replaced while it is read fails the read (If-Match), and is never half the"
                  + " old and half the new."),
          hadoop(
              "fs.s3a.change.detection.source",
              "etag",
              "By what a replaced file is told: every store has ETags, also without versioning."),
          hadoop(
              "fs.s3a.directory.marker.retention",
              "keep",
              "Writing a file does not first delete the markers of all folders above it: one DELETE less"
                  + " per file."),
          hadoop(
              "fs.s3a.bucket.probe",
              "0",
              "Whether the bucket exists shows at the first request; asking beforehand costs one more."));

  /** Where the lake's root says {@code s3a://}; on other file systems it does not work. */
  public static final Setting CHECKPOINTS =
      new Setting(
          "spark.sql.streaming.checkpointFileManagerClass",
          "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager",
          "A stream's checkpoint is written in place, since a rename on S3 is a copy and a delete.");

  private S3Settings() {}

  private static Setting hadoop(String key, String value, String why) {
    return new Setting(HADOOP + key, value, why);
  }

  /** Sets what the user has not set, before the session starts. */
  public static SparkConf complete(SparkConf conf) {
    return complete(conf, S3AFileSystem.class.getClassLoader());
  }

  /**
   * As above, for who reads a lake without Spark.
   *
   * @param spark settings by Spark's keys
   * @return Hadoop's among them, by Hadoop's keys
   */
  public static Map<String, String> hadoop(Map<String, String> spark) {
    Map<String, String> all = new LinkedHashMap<>(spark);
    boolean seen =
        sees(S3AFileSystem.class.getClassLoader(), CountingClientFactory.class.getName());
    for (Setting setting : DEFAULTS) {
      if (seen || !setting.value().equals(CountingClientFactory.class.getName())) {
        all.putIfAbsent(setting.key(), setting.value());
      }
    }
    return hadoopOf(all);
  }

  /** Settings of Hadoop by its own keys, out of settings by Spark's. */
  public static Map<String, String> hadoopOf(Map<String, String> spark) {
    Map<String, String> hadoop = new LinkedHashMap<>();
    spark.forEach(
        (key, value) -> {
          if (key.startsWith(HADOOP)) {
            hadoop.put(key.substring(HADOOP.length()), value);
          }
        });
    return hadoop;
  }

  /**
   * As above.
   *
   * @param s3a where S3A was loaded from, which is where it looks for classes that settings name: a
   *     cluster with an S3A of its own cannot see ours, and its requests go uncounted
   */
  static SparkConf complete(SparkConf conf, ClassLoader s3a) {
    String plugins = conf.get(PLUGINS, "");
    boolean seen = sees(s3a, CountingClientFactory.class.getName());
    for (Setting setting : DEFAULTS) {
      if (seen || !setting.value().equals(CountingClientFactory.class.getName())) {
        conf.setIfMissing(setting.key(), setting.value());
      }
    }
    if (!plugins.isEmpty() && !plugins.contains(S3RequestPlugin.class.getName())) {
      conf.set(PLUGINS, plugins + "," + S3RequestPlugin.class.getName());
    }
    return conf;
  }

  private static boolean sees(ClassLoader loader, String name) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Prepares a running session for a lake: its checkpoints must suit the file system. */
  public static void prepare(SparkSession spark, String lakeRoot) {
    scala.Option<String> set = spark.conf().getOption(CHECKPOINTS.key());
    if (isS3(lakeRoot) && set.isEmpty()) {
      spark.conf().set(CHECKPOINTS.key(), CHECKPOINTS.value());
    } else if (!isS3(lakeRoot) && set.isDefined() && set.get().equals(CHECKPOINTS.value())) {
      spark.conf().unset(CHECKPOINTS.key());
    }
  }

  /** Whether a path is on S3. */
  public static boolean isS3(String path) {
    return path.toLowerCase(Locale.ROOT).startsWith("s3a://");
  }
}

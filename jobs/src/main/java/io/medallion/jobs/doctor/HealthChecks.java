package io.medallion.jobs.doctor;

import io.medallion.core.lake.Lake;
import io.medallion.core.s3.S3Settings;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.config.Installation;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/**
 * Looks at everything that a run needs, without a Spark session.
 *
 * @param hadoop as a session would have it, but with few tries: who waits for an answer sits here
 */
public record HealthChecks(Arguments arguments, Lake lake, Configuration hadoop, Clock clock) {
  private static final String HADOOP = "spark.hadoop.";

  /** One thing that a run needs. */
  interface Check {
    /** What is looked at, for when the look itself fails. */
    String name();

    /** What was found; nothing where the installation does without. */
    List<HealthResult> results(HealthChecks healthChecks) throws IOException;
  }

  /** In the order of the output: a check comes after those that it depends on. */
  private static final List<Check> CHECKS =
      List.of(
          new PlatformCheck(),
          new ContractsCheck(),
          new DiskCheck(),
          new BucketCheck(),
          new LakeCheck(),
          new WarehouseCheck(),
          new BrokerCheck(System::getenv));

  public static HealthChecks of(Arguments arguments, Clock clock) {
    Configuration hadoop = new Configuration();
    SparkConf conf = arguments.installation().applyTo(new SparkConf());
    boolean triesAreSet = conf.contains(HADOOP + "fs.s3a.attempts.maximum");
    Arrays.stream(S3Settings.complete(conf).getAll())
        .filter(entry -> entry._1().startsWith(HADOOP))
        .forEach(entry -> hadoop.set(entry._1().substring(HADOOP.length()), entry._2()));
    if (!triesAreSet) {
      hadoop.set("fs.s3a.attempts.maximum", "1");
      hadoop.set("fs.s3a.retry.limit", "1");
    }
    // A file system that some other code opened has that code's settings.
    hadoop.set("fs.s3a.impl.disable.cache", "true");
    String lakeRoot = Lakehouse.absolute(arguments.text(CommandSpec.LAKE));
    return new HealthChecks(arguments, new Lake(lakeRoot), hadoop, clock);
  }

  /** The settings that hold. */
  Installation installation() {
    return arguments.installation();
  }

  /** Everything that was found. */
  public List<HealthResult> results() {
    List<HealthResult> all = new ArrayList<>();
    for (Check check : CHECKS) {
      try {
        all.addAll(check.results(this));
      } catch (IOException | RuntimeException e) {
        all.add(
            new HealthResult.Failed(
                check.name(),
                "it could not be looked at: " + HealthResult.line(e),
                "mend what the message names"));
      }
    }
    return all;
  }

  /** Whether the lake is on S3. */
  boolean onS3() {
    return S3Settings.isS3(lake.root());
  }
}

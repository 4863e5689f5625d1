package io.medallion.jobs.lakehouse;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.s3.S3Settings;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.Installation;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a command uses that only looks: the lake's tables, contracts and stars, the clock. There is
 * no Spark session, which takes longer to start than such a command takes to answer.
 */
public record ReadOnlyLakehouse(LakeReader reader, Configuration configuration, Clock clock) {

  /** Reads the configuration first, so that its mistakes are reported before the lake is read. */
  public static ReadOnlyLakehouse open(Arguments arguments) {
    return open(arguments, Configuration.readToLook(arguments.maybe(CommandSpec.CONFIG)));
  }

  /** The same for a command that computes SQL expressions of contracts and stars. */
  public static ReadOnlyLakehouse openToCompute(Arguments arguments) {
    return open(arguments, Configuration.read(arguments.maybe(CommandSpec.CONFIG)));
  }

  private static ReadOnlyLakehouse open(Arguments arguments, Configuration configuration) {
    Lake lake = new Lake(Lakehouse.absolute(arguments.text(CommandSpec.LAKE)));
    return new ReadOnlyLakehouse(
        new LakeReader(lake, hadoop(arguments)), configuration, Clock.systemUTC());
  }

  /** The settings of file systems that a session would have. */
  private static org.apache.hadoop.conf.Configuration hadoop(Arguments arguments) {
    Installation installation = arguments.installation();
    boolean onS3 =
        S3Settings.isS3(arguments.text(CommandSpec.LAKE))
            || arguments.all(CommandSpec.SOURCE).stream().anyMatch(S3Settings::isS3);
    Map<String, String> spark = new HashMap<>(Installation.sparkOfThisJvm());
    spark.putAll(installation.sparkSettings());
    org.apache.hadoop.conf.Configuration hadoop = new org.apache.hadoop.conf.Configuration();
    Map<String, String> settings = onS3 ? S3Settings.hadoop(spark) : S3Settings.hadoopOf(spark);
    settings.forEach(hadoop::set);
    return hadoop;
  }

  /** The same lake as it is from now on. */
  public ReadOnlyLakehouse again() {
    return new ReadOnlyLakehouse(reader.again(), configuration, clock);
  }

  public Lake lake() {
    return reader.lake();
  }

  /** The contracts whose feeds have ever landed. */
  public List<Contract> fedContracts() {
    Set<String> feeds = new HashSet<>();
    reader
        .manifest()
        .latest()
        .ifPresent(manifest -> feeds.addAll(manifest.countBy("feed", Bounds.NONE).keySet()));
    return configuration.contracts().all().stream()
        .filter(c -> c.feeds().stream().anyMatch(feed -> feeds.contains(feed.name())))
        .toList();
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.orders.GeneratorOptions;
import io.medallion.testkit.orders.OrderGenerator;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application jar on a cluster of two workers, with its lake on S3. */
@Tag("slow")
@Tag("application-jar")
class ClusterTest {
  private static final Path JAR = TestLake.REPOSITORY.resolve("jobs/target/medallion.jar");

  @TempDir Path dir;

  @Test
  void equalsTheLocalLakeRowForRowAlsoWithAWorkerKilledMidJob() throws Exception {
    OrderGenerator.generate(
        GeneratorOptions.of(120, dir.resolve("data"))
            .withSeed(9)
            .withFaultRate(0.05)
            .withIncrementPercent(10));
    TestLake local = new TestLake(dir.resolve("lake"));
    try (S3Bucket bucket = S3Bucket.open();
        StandaloneCluster cluster = StandaloneCluster.start(dir.resolve("spark"))) {
      Path properties = properties(bucket);
      String orders = bucket.upload(dir.resolve("data/orders"), "drop/orders");
      bucket.proxy().reset();

      Process first = run(cluster, "first", properties, bucket, orders);
      int workersUsed = 0;
      while (first.isAlive()) {
        workersUsed = Math.max(workersUsed, cluster.state("coresused"));
        Thread.sleep(200);
      }
      ended(first, cluster.log("first"));
      assertThat(workersUsed).isEqualTo(2);
      local.run("first", dir.resolve("data/orders"));
      requestsOfExecutorsAreBooked(bucket);
      LakeContent.isTheSame(bucket.lake(), local);

      String increment = bucket.upload(dir.resolve("data/increment"), "drop/increment");
      Process second = run(cluster, "second", properties, bucket, increment);
      while (second.isAlive() && versions(bucket, "bronze/manifest") < 2) {
        Thread.sleep(100);
      }
      assertThat(second.isAlive()).isTrue();
      cluster.killWorker();
      ended(second, cluster.log("second"));
      assertThat(cluster.state("aliveworkers")).isEqualTo(1);
      local.run("second", dir.resolve("data/increment"));
      LakeContent.isTheSame(bucket.lake(), local);
    }
  }

  @Test
  void applicationJarHoldsWhatAClusterLacksAndNothingThatItHas() throws IOException {
    List<String> classes = new ArrayList<>();
    try (java.util.jar.JarFile jar = new java.util.jar.JarFile(JAR.toFile())) {
      jar.stream().forEach(entry -> classes.add(entry.getName()));
    }
    assertThat(classes)
        .contains(
            "io/medallion/jobs/RunJob.class",
            "io/medallion/core/s3/ConditionalPutLogStore.class",
            "io/delta/tables/DeltaTable.class",
            "org/apache/hadoop/fs/s3a/S3AFileSystem.class",
            "com/amazonaws/services/s3/AmazonS3.class");
    assertThat(classes)
        .noneMatch(name -> name.startsWith("org/apache/spark/sql/SparkSession"))
        .noneMatch(name -> name.startsWith("scala/"))
        .noneMatch(name -> name.startsWith("org/apache/http/"))
        .noneMatch(name -> name.startsWith("org/gaul/"));
    assertThat(Files.size(JAR)).isLessThan(40L << 20);
  }

  private static Process run(
      StandaloneCluster cluster, String name, Path properties, S3Bucket bucket, String source)
      throws IOException {
    return cluster.submit(
        name,
        properties,
        RunJob.class,
        List.of("--source", source, "--lake", bucket.lake().location(), "--json"));
  }

  private static void ended(Process run, Path log) throws Exception {
    assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(log)).isEqualTo(ExitCode.DONE);
  }

  private static long versions(S3Bucket bucket, String table) throws IOException {
    org.apache.hadoop.fs.Path log =
        new org.apache.hadoop.fs.Path(bucket.uri("lake/" + table + "/_delta_log"));
    return java.util.Arrays.stream(bucket.fileSystem().listStatus(log))
        .filter(file -> file.getPath().getName().endsWith(".json"))
        .count();
  }

  /** More than the driver alone could have read: parts of files are read by executors only. */
  private static void requestsOfExecutorsAreBooked(S3Bucket bucket) {
    Map<RequestKind, Long> sent = bucket.proxy().requests();
    List<List<String>> booked =
        bucket
            .lake()
            .query("SELECT sum(s3_requests['get']), sum(s3_requests['put']) FROM ops.runs");
    assertThat(Long.parseLong(booked.get(0).get(0)))
        .isBetween(sent.get(RequestKind.GET) * 8 / 10, sent.get(RequestKind.GET));
    assertThat(Long.parseLong(booked.get(0).get(1)))
        .isBetween(sent.get(RequestKind.PUT) * 8 / 10, sent.get(RequestKind.PUT));
  }

  /** The shipped defaults, and what the S3 server and a small machine ask for. */
  private Path properties(S3Bucket bucket) throws IOException {
    List<String> lines =
        new ArrayList<>(
            Files.readAllLines(TestLake.REPOSITORY.resolve("conf/spark-defaults.conf")).stream()
                .filter(line -> !line.startsWith("spark.master"))
                .filter(line -> !line.startsWith("spark.sql.shuffle.partitions"))
                .toList());
    lines.add("spark.sql.shuffle.partitions 2");
    lines.add("spark.executor.memory 700m");
    lines.add("spark.executor.cores 1");
    lines.add("spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -Duser.timezone=UTC");
    lines.add("spark.driver.host 127.0.0.1");
    bucket.settings().forEach((key, value) -> lines.add("spark.hadoop." + key + " " + value));
    return Files.write(dir.resolve("cluster.conf"), lines);
  }
}

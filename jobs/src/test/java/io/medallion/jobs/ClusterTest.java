package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

      Process first = cluster.launch("first", properties, command(bucket, orders));
      ended(first, cluster.log("first"));
      // What came from both: a task that ended.
      assertThat(events(0, "SparkListenerTaskEnd").map(ClusterTest::executor).distinct())
          .containsExactlyInAnyOrder("0", "1");
      local.run("first", dir.resolve("data/orders"));
      requestsOfExecutorsAreBooked(bucket);
      LakeContent.isTheSame(bucket.lake(), local);

      String increment = bucket.upload(dir.resolve("data/increment"), "drop/increment");
      List<String> arguments = command(bucket, increment);
      Process second =
          cluster.submit(
              "second", properties, RunJob.class, arguments.subList(1, arguments.size()));
      while (second.isAlive() && versions(bucket, "bronze/manifest") < 2) {
        Thread.sleep(100);
      }
      assertThat(second.isAlive()).as(Files.readString(cluster.log("second"))).isTrue();
      assertThat(events(1, "SparkListenerExecutorAdded")).hasSize(2);
      cluster.killWorker();
      ended(second, cluster.log("second"));
      assertThat(events(1, "SparkListenerExecutorRemoved")).isNotEmpty();
      assertThat(cluster.state("aliveworkers")).isEqualTo(1);
      local.run("second", dir.resolve("data/increment"));
      LakeContent.isTheSame(bucket.lake(), local);
    }
  }

  @Test
  void applicationJarHoldsWhatAClusterLacksAndNothingThatItHas() throws IOException {
    Set<String> classes = classes(JAR);
    assertThat(classes)
        .contains(
            "io/medallion/jobs/RunJob.class",
            "io/medallion/core/s3/ConditionalPutLogStore.class",
            "io/delta/tables/DeltaTable.class",
            "org/apache/hadoop/fs/s3a/S3AFileSystem.class",
            "com/amazonaws/services/s3/AmazonS3.class",
            "org/apache/spark/sql/kafka010/KafkaSourceProvider.class",
            "org/apache/kafka/clients/consumer/KafkaConsumer.class",
            "org/duckdb/DuckDBDriver.class",
            "io/prometheus/metrics/exporter/httpserver/HTTPServer.class")
        .noneMatch(name -> name.startsWith("org/gaul/"));
    assertThat(StandaloneCluster.sparkJars()).isNotEmpty();
    for (Path jar : StandaloneCluster.sparkJars()) {
      Set<String> both = classes(jar);
      both.retainAll(classes);
      // An empty class that Spark's build puts into each of its jars.
      both.remove("org/apache/spark/unused/UnusedStubClass.class");
      assertThat(both).as(jar.toString()).isEmpty();
    }
  }

  /**
   * Most of it are DuckDB's libraries, one for each kind of machine that a driver may be, and
   * Snowflake's driver.
   */
  @Test
  void applicationJarIsAboutAsLargeAsTheDocumentsSay() throws IOException {
    assertThat(Files.size(JAR)).isBetween(130_000_000L, 155_000_000L);
    long libraries = 0;
    List<String> platforms = new ArrayList<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (JarEntry entry :
          jar.stream().filter(e -> e.getName().startsWith("libduckdb")).toList()) {
        libraries += entry.getCompressedSize();
        platforms.add(entry.getName());
      }
    }
    assertThat(libraries).isBetween(35_000_000L, 60_000_000L);
    assertThat(platforms)
        .as("named in docs/reference/warehouse.md")
        .containsExactlyInAnyOrder(
            "libduckdb_java.so_linux_amd64", "libduckdb_java.so_linux_arm64");
  }

  private static Set<String> classes(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  private static List<String> command(S3Bucket bucket, String source) {
    return List.of("run", "--source", source, "--lake", bucket.lake().location(), "--json");
  }

  private static void ended(Process run, Path log) throws Exception {
    assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).as(Files.readString(log)).isEqualTo(ExitCode.DONE);
  }

  /** Of the application that was sent as the n-th, from 0: what Spark logged of its events. */
  private Stream<String> events(int application, String kind) throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(dir.resolve("events"))) {
      logs = files.sorted().toList();
    }
    assertThat(logs).hasSize(application + 1);
    return Files.readAllLines(logs.get(application)).stream()
        .filter(line -> line.contains("\"Event\":\"" + kind + "\""));
  }

  private static String executor(String taskEnd) {
    Matcher id = Pattern.compile("\"Executor ID\":\"([^\"]+)\"").matcher(taskEnd);
    assertThat(id.find()).as(taskEnd).isTrue();
    return id.group(1);
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
    lines.add("spark.eventLog.enabled true");
    lines.add("spark.eventLog.dir " + Files.createDirectory(dir.resolve("events")).toUri());
    // Both executors before the first task: a slow machine brings them one after the other.
    lines.add("spark.cores.max 2");
    lines.add("spark.scheduler.minRegisteredResourcesRatio 1.0");
    lines.add("spark.scheduler.maxRegisteredResourcesWaitingTime 180s");
    bucket.settings().forEach((key, value) -> lines.add("spark.hadoop." + key + " " + value));
    return Files.write(dir.resolve("cluster.conf"), lines);
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.orders.GeneratorOptions;
import io.medallion.testkit.orders.OrderGenerator;
import io.medallion.testkit.s3.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with lake, sources and checkpoints on S3, against the local file system's. */
@Tag("slow")
class S3LakeTest {
  @TempDir static Path dir;
  private static TestLake local;

  @BeforeAll
  static void fillALocalLake() throws IOException {
    OrderGenerator.generate(
        GeneratorOptions.of(120, dir.resolve("data"))
            .withSeed(5)
            .withFaultRate(0.05)
            .withIncrementPercent(10));
    local = new TestLake(dir.resolve("lake"));
    local.run("first", dir.resolve("data/orders"), dir.resolve("data/rejected-samples"));
    local.run("second", dir.resolve("data/increment"));
  }

  private static void runOn(S3Bucket bucket) throws IOException {
    String orders = bucket.upload(dir.resolve("data/orders"), "drop/orders");
    String rejected = bucket.upload(dir.resolve("data/rejected-samples"), "drop/rejected-samples");
    bucket.upload(dir.resolve("data/increment"), "drop/increment");
    bucket.lake().run("first", List.of(orders, rejected));
    bucket.lake().run("second", List.of(bucket.uri("drop/incr*/*")));
  }

  @Test
  void equalsTheLocalLakeRowForRowAndRunningAgainCommitsNothing() throws IOException {
    try (S3Bucket bucket = S3Bucket.open()) {
      runOn(bucket);
      LakeContent.isTheSame(bucket.lake(), local);
      TreeMap<String, Long> versions = bucket.lake().versions();
      bucket.lake().run("again", List.of(bucket.uri("drop/increment")));
      assertThat(bucket.lake().versions()).isEqualTo(versions);
    }
  }

  @Test
  void equalsTheLocalLakeThoughOneRequestInTwentyBreaks() throws IOException {
    try (S3Bucket bucket = S3Bucket.open()) {
      bucket.proxy().breakAtRandom(7, 0.05);
      runOn(bucket);
      Map<Fault, Long> faults = bucket.proxy().faults();
      bucket.proxy().breakAtRandom(7, 0);
      assertThat(faults).containsOnlyKeys(Fault.values());
      assertThat(faults.values()).allMatch(times -> times >= 3);
      LakeContent.isTheSame(bucket.lake(), local);
    }
  }
}

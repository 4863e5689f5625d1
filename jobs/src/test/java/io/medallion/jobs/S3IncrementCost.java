package io.medallion.jobs;

import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Measures what a run with one new file asks of S3, run after run: {@code main} takes the number of
 * runs.
 */
final class S3IncrementCost {
  private S3IncrementCost() {}

  public static void main(String[] arguments) throws IOException {
    int runs = Integer.parseInt(arguments[0]);
    Path dir = Files.createTempDirectory("medallion-s3-cost");
    try (S3Bucket bucket = S3Bucket.open()) {
      for (int run = 1; run <= runs; run++) {
        long start = System.nanoTime();
        Map<RequestKind, Long> requests = run(bucket, dir, run);
        System.out.printf(
            "run %d: %d requests in %d ms %s%n",
            run, total(requests), (System.nanoTime() - start) / 1_000_000, new TreeMap<>(requests));
        if (arguments.length > 1 && (run == 11 || run == runs)) {
          bucket.proxy().byPath(3).forEach(line -> System.out.println("   " + line));
        }
      }
    }
    System.exit(0);
  }

  /** Lands one file of new orders, and returns what that asked. */
  static Map<RequestKind, Long> run(S3Bucket bucket, Path dir, int run) throws IOException {
    Path data = dir.resolve("data-" + run);
    OrderGenerator.generate(GeneratorOptions.of(100, data).withSeed(run).withFaultRate(0));
    Path file;
    try (Stream<Path> files = Files.list(data.resolve("orders"))) {
      file = files.sorted().findFirst().orElseThrow();
    }
    String source = bucket.upload(file, "drop/" + run + "/" + file.getFileName());
    bucket.proxy().reset();
    bucket.lake().run("run-" + run, List.of(source));
    return bucket.proxy().requests();
  }

  static long total(Map<RequestKind, Long> requests) {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }
}

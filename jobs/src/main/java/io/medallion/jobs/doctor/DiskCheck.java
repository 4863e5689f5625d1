package io.medallion.jobs.doctor;

import io.medallion.jobs.cli.Console;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;

/** Room on the disks of this machine: for the lake, where it is here, and for what Spark spills. */
final class DiskCheck implements HealthChecks.Check {
  private static final long GB = 1_000_000_000L;
  private static final long LITTLE = 10 * GB;
  private static final long TOO_LITTLE = GB;

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    WarehouseChoice.local(healthChecks.lake().root()).ifPresent(places::add);
    String scratch =
        healthChecks
            .installation()
            .applyTo(new SparkConf())
            .get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    for (String folder : scratch.split(",")) {
      places.add(Path.of(folder.strip()));
    }
    Map<FileStore, Path> disks = new LinkedHashMap<>();
    for (Path place : places) {
      Path there = existing(place.toAbsolutePath());
      disks.putIfAbsent(Files.getFileStore(there), there);
    }
    List<HealthResult> found = new ArrayList<>();
    for (Map.Entry<FileStore, Path> disk : disks.entrySet()) {
      found.add(room(disk.getValue(), disk.getKey().getUsableSpace()));
    }
    return found;
  }

  /** Judges the room that a place has, in bytes. */
  static HealthResult room(Path place, long usableBytes) {
    String name = "disk " + place;
    String free = Console.bytes(usableBytes) + " free";
    if (usableBytes < TOO_LITTLE) {
      return new HealthResult.Failed(
          name, free + ": a run fills that", "make room, or move --lake or spark.local.dir");
    }
    return usableBytes < LITTLE
        ? new HealthResult.Warning(name, free, "make room before large files come")
        : new HealthResult.Ok(name, free);
  }

  /** The place, or the nearest above it that is there. */
  static Path existing(Path place) {
    Path there = place.normalize();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }
}

package io.medallion.jobs.doctor;

import io.medallion.core.lake.Lake;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes a file into the lake, reads it, and deletes it. The time that the lake's store gives it
 * shows whether the clocks agree.
 */
final class LakeCheck implements HealthChecks.Check {
  /** S3 refuses requests that are a quarter of an hour off. */
  private static final Duration REFUSED = Duration.ofMinutes(15);

  private static final Duration OFF = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "lake";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) {
    String name = "lake " + healthChecks.lake().root();
    // Every job may write the ledger's folder; roles of S3 may allow nothing else.
    Path folder = new Path(healthChecks.lake().root() + "/" + Lake.Layer.OPS.folder());
    Path probe = new Path(folder, ".doctor-" + UUID.randomUUID());
    List<HealthResult> found = new ArrayList<>();
    try (FileSystem files = FileSystem.newInstance(folder.toUri(), healthChecks.hadoop())) {
      List<Path> made = healthChecks.onS3() ? List.of() : missing(files, folder);
      long wroteAtMillis;
      long storedAtMillis;
      try {
        wroteAtMillis = healthChecks.clock().millis();
        write(files, probe);
        storedAtMillis = files.getFileStatus(probe).getModificationTime();
      } finally {
        files.delete(probe, false);
        // Deepest first; one that somebody has filled meanwhile stays.
        for (Path empty : made) {
          if (files.exists(empty) && files.listStatus(empty).length == 0) {
            files.delete(empty, false);
          }
        }
      }
      found.add(new HealthResult.Ok(name, "written to, read and cleaned up"));
      found.add(clocks(Duration.ofMillis(storedAtMillis - wroteAtMillis)));
    } catch (IOException | RuntimeException e) {
      found.add(
          new HealthResult.Failed(
              name,
              "it cannot be written: " + HealthResult.line(e),
              healthChecks.onS3()
                  ? "let these credentials list the bucket, and put, get and delete objects below"
                      + " the lake"
                  : "name a folder with --lake in which this user may write"));
    }
    return found;
  }

  private static void write(FileSystem files, Path probe) throws IOException {
    byte[] content = probe.getName().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = files.create(probe, true)) {
      out.write(content);
    }
    byte[] read = new byte[content.length];
    try (var in = files.open(probe)) {
      in.readFully(0, read);
    }
    if (!java.util.Arrays.equals(content, read)) {
      throw new IOException("what was written to " + probe + " is not what was read");
    }
  }

  /** The folders that a file in {@code folder} would make, deepest first. */
  private static List<Path> missing(FileSystem files, Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path p = folder; p != null && !files.exists(p); p = p.getParent()) {
      missing.add(p);
    }
    return missing;
  }

  /** Judges by how much the store's clock is ahead of ours. */
  static HealthResult clocks(Duration ahead) {
    Duration off = ahead.abs();
    String why = "this machine and the lake's store are " + off.toSeconds() + " s apart";
    if (off.compareTo(REFUSED) >= 0) {
      return new HealthResult.Failed("clock", why, "set the clock by NTP");
    }
    return off.compareTo(OFF) >= 0
        ? new HealthResult.Warning("clock", why, "set the clock by NTP")
        : new HealthResult.Ok("clock", "less than a minute from the lake's store");
  }
}

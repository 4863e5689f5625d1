package io.medallion.silver;

import io.medallion.core.lake.LakeTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.delta.DeltaLog;

/** Leaves a lake and its checkpoints as a process leaves them that is killed at some instant. */
final class DeadProcess {
  private static final Pattern COMMIT = Pattern.compile("\\.?(\\d{20})\\..*");

  private DeadProcess() {}

  /** Takes back all commits of a table after a version, as if its writer had died before them. */
  static void undoAfter(LakeTable table, long version) {
    try (Stream<Path> log = Files.list(Path.of(table.path(), "_delta_log"))) {
      for (Path file : log.toList()) {
        Matcher commit = COMMIT.matcher(file.getFileName().toString());
        if (commit.matches() && Long.parseLong(commit.group(1)) > version) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DeltaLog.clearCache();
  }

  /** Lets Spark do the last batch again, as if the process had died before the batch was done. */
  static void forgetLastBatch(Path checkpoint) {
    if (!Files.exists(checkpoint)) {
      return; // No stream has run.
    }
    try (Stream<Path> files = Files.list(checkpoint.resolve("commits"))) {
      List<Path> all = files.toList();
      int last =
          all.stream()
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("\\d+"))
              .mapToInt(Integer::parseInt)
              .max()
              .orElseThrow();
      for (Path file : all) {
        if (file.getFileName().toString().matches("\\.?" + last + "(\\.crc)?")) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a stream's checkpoint. */
  static void loseCheckpoint(Path checkpoint) {
    try {
      FileUtils.deleteDirectory(checkpoint.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

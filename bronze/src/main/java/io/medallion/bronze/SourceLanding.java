package io.medallion.bronze;

import io.medallion.core.LakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileStatus;

/**
 * Lands those of some files that the manifest does not know, several at a time.
 *
 * @param lander writes what lands
 * @param known what the manifest has of the files
 */
record SourceLanding(FileLander lander, FileManifest.Known known) {

  /** What became of each file; of files with the same content one lands. */
  List<Outcome> land(List<FileStatus> files) {
    return dropRepeats(landAll(files));
  }

  private List<Outcome> landAll(List<FileStatus> files) {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(8, Runtime.getRuntime().availableProcessors()));
    try {
      List<Future<List<Outcome>>> futures = new ArrayList<>();
      for (FileStatus file : files) {
        futures.add(pool.submit(() -> lander.land(file, known)));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<List<Outcome>> future : futures) {
        outcomes.addAll(future.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException("landing was interrupted", "run the command again", e);
    } catch (ExecutionException e) {
      throw new LakeException(
          "landing broke: " + e.getCause().getMessage(), "run the command again", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private List<Outcome> dropRepeats(List<Outcome> outcomes) {
    Set<String> seen = new HashSet<>();
    List<Outcome> kept = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed && !seen.add(landed.file().contentSha256())) {
        kept.add(lander.discardRepeated(landed.file()));
      } else if (outcome instanceof Outcome.Rejected rejected
          && !seen.add(rejected.file().contentSha256())) {
        kept.add(lander.discardRepeated(rejected.file()));
      } else {
        kept.add(outcome);
      }
    }
    return kept;
  }
}

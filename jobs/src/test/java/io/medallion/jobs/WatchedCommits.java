package io.medallion.jobs;

import io.medallion.core.lake.SyncedLogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;

/**
 * Delta's log of a process that a test watches: after each commit of any table it waits until the
 * test has seen what then is there.
 */
public final class WatchedCommits extends SyncedLogStore {
  /** The system property with the folder that the process and its test meet in. */
  static final String FOLDER = "medallion.test.commits";

  private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

  private static int commits;

  /** As Delta makes it. */
  public WatchedCommits(Configuration hadoop) {
    super(hadoop);
  }

  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration hadoop)
      throws IOException {
    if (!path.getName().matches("\\d{20}\\.json")) {
      super.write(path, actions, overwrite, hadoop);
      return;
    }
    // One at a time: while the test looks at what one commit left nobody else commits.
    synchronized (WatchedCommits.class) {
      super.write(path, actions, overwrite, hadoop);
      commits++;
      Path folder = Path.of(System.getProperty(FOLDER));
      Files.createFile(committed(folder, commits));
      // A test that has died looks at nothing.
      Instant latest = Instant.now().plus(LONGEST_LOOK);
      while (!Files.exists(seen(folder, commits))) {
        if (Instant.now().isAfter(latest)) {
          Runtime.getRuntime().halt(1);
        }
        try {
          Thread.sleep(5);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while the test looks at a commit", e);
        }
      }
    }
  }

  /** Made by the process when it has committed so often. */
  static Path committed(Path folder, int commits) {
    return folder.resolve("committed-" + commits);
  }

  /** Made by the test to let the process go on. */
  static Path seen(Path folder, int commits) {
    return folder.resolve("seen-" + commits);
  }
}

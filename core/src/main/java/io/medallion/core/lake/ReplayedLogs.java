package io.medallion.core.lake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Replays the logs of tables on a thread of its own, while the one that needs them does something
 * else. After each commit Delta replays a table's log when it is next read or written, a Spark job
 * that takes longer to plan than to run; a small batch touches half a dozen tables.
 *
 * <p>What fails here is tried again, and fails, where it is needed.
 */
public final class ReplayedLogs implements AutoCloseable {
  private final CompletableFuture<?> all;

  private ReplayedLogs(CompletableFuture<?> all) {
    this.all = all;
  }

  /**
   * Begins.
   *
   * @param session whose settings hold while the logs are replayed
   * @param tables in the order in which they are needed
   */
  public static ReplayedLogs of(SparkSession session, LakeTable... tables) {
    // A new thread has the caller's job group, by which a stream that stops ends its jobs.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    CompletableFuture<?>[] replays =
        Stream.of(tables)
            .map(table -> CompletableFuture.runAsync(() -> replay(session, table), thread))
            .toArray(CompletableFuture<?>[]::new);
    thread.shutdown();
    return new ReplayedLogs(CompletableFuture.allOf(replays));
  }

  private static void replay(SparkSession session, LakeTable table) {
    SparkSession.setActiveSession(session);
    table.replay();
  }

  /** Returns when all are done. */
  @Override
  public void close() {
    all.exceptionally(failure -> null).join();
  }
}

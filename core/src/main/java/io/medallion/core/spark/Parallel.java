package io.medallion.core.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;

/** Runs pieces of work that do not depend on one another. */
public final class Parallel {
  /** Enough to fill one piece's waits for the driver with another's tasks. */
  public static final int THREADS = 3;

  private Parallel() {}

  /** What a piece of work does. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  /**
   * A piece of work.
   *
   * @param name what it is about, such as a table, for the message of its failure
   */
  public record Work(String name, Task task) {}

  /**
   * Returns when all pieces are done.
   *
   * @param most of them at a time
   * @throws RuntimeException what the first piece that failed threw, after all have ended; a
   *     checked exception as the cause of an {@link IllegalStateException} that names the piece
   */
  public static void run(SparkSession spark, int most, List<Work> work) {
    if (work.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(most, work.size()));
    try {
      List<Future<?>> results = new ArrayList<>();
      for (Work piece : work) {
        results.add(
            threads.submit(
                () -> {
                  SparkSession.setActiveSession(spark);
                  piece.task().run();
                  return null;
                }));
      }
      RuntimeException failure = null;
      for (int i = 0; i < results.size(); i++) {
        try {
          results.get(i).get();
        } catch (ExecutionException e) {
          RuntimeException cause =
              e.getCause() instanceof RuntimeException runtime
                  ? runtime
                  : new IllegalStateException(
                      work.get(i).name() + " failed: " + e.getCause().getMessage(), e.getCause());
          if (failure == null) {
            failure = cause;
          } else {
            failure.addSuppressed(cause);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was running", e);
    } finally {
      threads.shutdownNow();
    }
  }
}

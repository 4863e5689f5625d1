package io.medallion.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes batches to {@code ops.stream_batches}, those of some seconds in one commit: a commit for
 * each would take the streams a noticeable part of the machine. It is observation, not
 * book-keeping: what a killed process had gathered is not written, and what cannot be written stops
 * no stream.
 */
final class StreamBatchLog implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final StreamBatches table;
  private final String runId;
  private final Consumer<String> notice;
  private final List<WatchedBatch> waiting = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "medallion-stream-batches");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param notice told what keeps batches from being written
   */
  StreamBatchLog(StreamBatches table, String runId, Consumer<String> notice) {
    this.table = table;
    this.runId = runId;
    this.notice = notice;
    timer.scheduleWithFixedDelay(
        this::write, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void add(WatchedBatch batch) {
    waiting.add(batch);
  }

  private synchronized List<WatchedBatch> taken() {
    List<WatchedBatch> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  private void write() {
    List<WatchedBatch> batches = taken();
    if (batches.isEmpty()) {
      return;
    }
    try {
      table.append(runId, batches);
    } catch (Exception e) { // Spark's checked ones are declared nowhere, and would end the timer
      notice.accept(
          batches.size()
              + " batches are not in ops.stream_batches: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Writes what waits. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }
}

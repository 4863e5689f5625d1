package io.medallion.jobs.streaming;

import io.medallion.jobs.maintenance.RepeatedWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes batches to {@code ops.stream_batches}, those of some seconds in one commit: a commit for
 * each would take the streams a noticeable part of the machine. These rows only inform: those that
 * a killed process had not written are lost, and a failure to write stops no stream.
 */
final class StreamBatchLog implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final StreamBatches table;
  private final String runId;
  private final Consumer<String> notice;
  private final List<BatchMetrics> waiting = new ArrayList<>();
  private final RepeatedWork writes;

  /**
   * @param notice prints why batches could not be written
   */
  StreamBatchLog(StreamBatches table, String runId, Consumer<String> notice) {
    this.table = table;
    this.runId = runId;
    this.notice = notice;
    this.writes = new RepeatedWork("medallion-stream-batches", this::write, PAUSE, PAUSE);
  }

  synchronized void add(BatchMetrics batch) {
    waiting.add(batch);
  }

  private synchronized List<BatchMetrics> taken() {
    List<BatchMetrics> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  private void write() {
    List<BatchMetrics> batches = taken();
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

  /** Writes the batches that are not written yet. */
  @Override
  public void close() {
    writes.close();
    write();
  }
}

package io.medallion.jobs.streaming;

import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Measures the streams of one process: the listener, the metrics and the table of batches. */
public final class StreamMonitor implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Lakehouse lakehouse;
  private final Console console;
  private final Optional<StreamMetrics> metrics;
  private final StreamBatchLog log;
  private final ProgressListener listener;

  private StreamMonitor(
      Lakehouse lakehouse, List<String> stars, Optional<StreamMetrics> metrics, Console console) {
    this.lakehouse = lakehouse;
    this.console = console;
    this.metrics = metrics;
    this.log =
        new StreamBatchLog(
            new StreamBatches(lakehouse.spark(), lakehouse.lake()),
            lakehouse.runId(),
            console::notice);
    this.listener =
        new ProgressListener(
            lakehouse.spark(), lakehouse.lake().manifest(lakehouse.spark()), stars, this::onBatch);
  }

  /**
   * Begins.
   *
   * @param address where Prometheus fetches from; absent for nowhere
   */
  public static StreamMonitor start(
      Lakehouse lakehouse,
      String feed,
      List<Star> stars,
      Optional<InetSocketAddress> address,
      Console console) {
    Optional<StreamMetrics> metrics = address.map(place -> new StreamMetrics(feed, place));
    metrics.ifPresent(
        m -> console.progress("metrics", "http://localhost:" + m.port() + "/metrics"));
    StreamMonitor streamMonitor =
        new StreamMonitor(lakehouse, stars.stream().map(Star::name).toList(), metrics, console);
    lakehouse.spark().streams().addListener(streamMonitor.listener);
    return streamMonitor;
  }

  /** The observers that the streams call from within their batches. */
  public List<StreamObserver> observers() {
    List<StreamObserver> observers = new ArrayList<>(List.of(listener));
    metrics.ifPresent(observers::add);
    return observers;
  }

  private void onBatch(BatchMetrics batch) {
    log.add(batch);
    metrics.ifPresent(m -> m.finished(batch));
  }

  /** Writes the batches that are not written yet, and ends. */
  @Override
  public void close() {
    try {
      // Spark calls the listener for the last batches after their streams have ended.
      lakehouse.spark().sparkContext().listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (TimeoutException e) {
      console.notice("the last batches may lack in ops.stream_batches: " + e.getMessage());
    }
    lakehouse.spark().streams().removeListener(listener);
    listener.end();
    log.close();
    metrics.ifPresent(StreamMetrics::close);
  }
}

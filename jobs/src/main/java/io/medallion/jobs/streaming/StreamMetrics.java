package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.TopicBatch;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Severity;
import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.build.GoldSummary;
import io.medallion.silver.SilverSummary;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

/** What the streams do, for Prometheus to fetch: {@code http://HOST:PORT/metrics}. */
final class StreamMetrics implements StreamObserver, AutoCloseable {
  private static final double MILLIS = 1000;

  private final String feed;
  private final HTTPServer server;
  private final Counter input;
  private final Counter records;
  private final Counter batches;
  private final Counter restarts;
  private final Gauge unaccounted;
  private final Gauge lagRecords;
  private final Gauge lagSeconds;
  private final Gauge latency;
  private final Gauge shortestLatency;
  private final Gauge phases;
  private final Gauge perSecond;
  private final Gauge lastBatch;
  private final Gauge failedChecks;

  /**
   * Serves until it is closed.
   *
   * @param feed what the streams bring in
   * @param port of this machine alone; 0 for any that is free
   * @throws LakeException where the port is taken
   */
  StreamMetrics(String feed, int port) {
    this(feed, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  StreamMetrics(String feed, InetSocketAddress address) {
    this.feed = feed;
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    input =
        counter(
            registry, "medallion_input_records", "Records taken in by a layer.", "layer", "feed");
    records =
        counter(registry, "medallion_records", "Records judged, by their fate.", "feed", "outcome");
    batches = counter(registry, "medallion_batches", "Batches committed.", "layer", "feed");
    restarts =
        counter(registry, "medallion_stream_restarts", "Streams that broke and went on.", "stream");
    unaccounted =
        gauge(
            registry,
            "medallion_unaccounted_records",
            "Records judged that have no fate: always 0.",
            "feed");
    lagRecords =
        gauge(
            registry,
            "medallion_lag_records",
            "Events that the broker has and that have not landed.",
            "feed",
            "partition");
    lagSeconds =
        gauge(
            registry,
            "medallion_lag_seconds",
            "Age of the newest event that went through a layer, where the layer is behind; else 0.",
            "feed",
            "layer");
    latency =
        gauge(
            registry,
            "medallion_latency_seconds",
            "From Kafka's timestamp to the layer's commit, of the last batch's oldest event.",
            "layer");
    shortestLatency =
        gauge(
            registry,
            "medallion_shortest_latency_seconds",
            "From Kafka's timestamp to the layer's commit, of the last batch's newest event.",
            "layer");
    phases =
        gauge(
            registry,
            "medallion_batch_duration_seconds",
            "The last batch, by Spark's phases.",
            "layer",
            "phase");
    perSecond =
        gauge(
            registry,
            "medallion_batch_records_per_second",
            "The last batch's records by its duration.",
            "layer");
    lastBatch =
        gauge(
            registry,
            "medallion_last_batch_timestamp_seconds",
            "When the last batch was committed, in seconds since 1970.",
            "layer");
    failedChecks =
        gauge(
            registry,
            "medallion_failed_checks",
            "Checks of the star that the last build failed.",
            "star",
            "severity");
    unaccounted.labelValues(feed).set(0);
    try {
      server =
          HTTPServer.builder()
              .inetAddress(address.getAddress())
              .port(address.getPort())
              .registry(registry)
              .buildAndStart();
    } catch (IOException e) {
      throw new LakeException(
          "port " + address.getPort() + " cannot be listened on: " + e.getMessage(),
          "name a free one with --metrics-port",
          e);
    }
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private static Gauge gauge(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void landed(TopicBatch batch) {
    input.labelValues("bronze", feed).inc(batch.records());
  }

  @Override
  public void processed(SilverSummary summary) {
    FileAccount total = summary.total();
    input.labelValues("silver", feed).inc(total.records());
    // A later record replaces an earlier one: the sum may be negative, which no counter takes.
    records.labelValues(feed, "accepted").inc(Math.max(0, total.accepted()));
    records.labelValues(feed, "duplicate").inc(Math.max(0, total.duplicates()));
    records.labelValues(feed, "superseded").inc(Math.max(0, total.superseded()));
    records.labelValues(feed, "quarantined").inc(Math.max(0, total.quarantined()));
    unaccounted
        .labelValues(feed)
        .set(
            total.records()
                - total.accepted()
                - total.duplicates()
                - total.superseded()
                - total.quarantined());
  }

  @Override
  public void built(String star, GoldSummary.Build build) {
    input.labelValues("gold", feed).inc(build.rowsIn());
    for (Severity severity : Severity.values()) {
      failedChecks
          .labelValues(star, severity.name().toLowerCase(Locale.ROOT))
          .set(
              build.checks().stream()
                  .filter(check -> !check.passed() && check.severity() == severity)
                  .count());
    }
  }

  @Override
  public void restarted(String stream) {
    restarts.labelValues(stream).inc();
  }

  /** What the listener saw of a batch. */
  void finished(BatchMetrics batch) {
    String layer = batch.layer();
    batches.labelValues(layer, feed).inc();
    if (layer.equals("bronze")) {
      batch
          .lag()
          .byPartition()
          .forEach(
              (partition, behind) ->
                  lagRecords.labelValues(feed, String.valueOf(partition)).set(behind));
    }
    batch.lag().time().ifPresent(lag -> lagSeconds.labelValues(feed, layer).set(seconds(lag)));
    batch.longestLatency().ifPresent(l -> latency.labelValues(layer).set(seconds(l)));
    batch.shortestLatency().ifPresent(l -> shortestLatency.labelValues(layer).set(seconds(l)));
    batch
        .phases()
        .forEach((phase, millis) -> phases.labelValues(layer, phase).set(millis / MILLIS));
    perSecond.labelValues(layer).set(batch.recordsPerSecond());
    lastBatch.labelValues(layer).set(batch.finishedAt().toEpochMilli() / MILLIS);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }

  @Override
  public void close() {
    server.close();
  }
}

package io.medallion.jobs.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medallion.bronze.topic.EventTimes;
import io.medallion.bronze.topic.TopicBatch;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.build.GoldSummary;
import io.medallion.silver.SilverSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.StreamingQueryProgress;

/**
 * Follows events through the layers: joins Spark's progress of a batch with the summary of the
 * batch, and with the times of the events in it.
 *
 * <p>Which events a batch of silver or gold brought follows from the versions of the table that it
 * read. Spark's progress names these, so nothing more is read or written for it.
 */
final class ProgressListener extends StreamingQueryListener implements StreamObserver {
  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;
  private final LakeTable manifest;
  private final Consumer<BatchMetrics> onBatch;
  private final Map<BatchKey, Work> work = new HashMap<>();
  private final PendingCommits landed = new PendingCommits();
  private final Map<String, PendingCommits> processedByStar = new HashMap<>();

  /** Builds of which the events are not known yet, in the order in which they ended. */
  private final Deque<Built> builds = new ArrayDeque<>();

  private record BatchKey(String streamId, long batch) {}

  /**
   * The summary of a batch.
   *
   * @param silver whether it is one of silver, and {@code version} one of its table
   */
  private record Work(long records, Optional<EventTimes> times, long version, boolean silver) {}

  private record Built(String star, GoldSummary.Build build) {}

  /**
   * @param manifest the table between bronze and silver
   * @param stars those that are kept up to date
   * @param onBatch called with each batch, by Spark's thread for listeners
   */
  ProgressListener(
      SparkSession spark,
      LakeTable manifest,
      Iterable<String> stars,
      Consumer<BatchMetrics> onBatch) {
    this.spark = spark;
    this.manifest = manifest;
    this.onBatch = onBatch;
    stars.forEach(star -> processedByStar.put(star, new PendingCommits()));
  }

  @Override
  public synchronized void landed(TopicBatch batch) {
    long version = manifest.version();
    note(new Work(batch.records(), batch.times(), version, false));
    landed.put(new PendingCommits.Load(version, batch.records(), batch.times()));
  }

  @Override
  public synchronized void processed(SilverSummary summary) {
    note(new Work(summary.total().records(), Optional.empty(), summary.version(), true));
  }

  /**
   * A build is no batch of Spark's. It may end before Spark tells the progress of the batch of
   * silver that it saw, from which its events follow: then it is told after that. Of one that saw
   * no rows there is nothing to tell, as of a batch without events.
   */
  @Override
  public void built(String star, GoldSummary.Build build) {
    if (build.rowsIn() > 0) {
      synchronized (this) {
        builds.add(new Built(star, build));
      }
    }
    tellBuilds(false);
  }

  /** Tells the builds whose progress has not come; the streams have ended, and none will. */
  void end() {
    tellBuilds(true);
  }

  private void tellBuilds(boolean all) {
    for (Optional<BatchMetrics> next = next(all); next.isPresent(); next = next(all)) {
      onBatch.accept(next.get());
    }
  }

  private synchronized Optional<BatchMetrics> next(boolean all) {
    Built first = builds.peek();
    if (first == null || (!all && isUnderWay(first.build().silverVersion()))) {
      return Optional.empty();
    }
    builds.remove();
    return Optional.of(metrics(first.star(), first.build()));
  }

  /** Whether a batch of silver has committed up to the version, and its progress is not known. */
  private boolean isUnderWay(long silverVersion) {
    return work.values().stream()
        .anyMatch(batch -> batch.silver() && batch.version() <= silverVersion);
  }

  private BatchMetrics metrics(String star, GoldSummary.Build build) {
    PendingCommits processed = processedByStar.computeIfAbsent(star, s -> new PendingCommits());
    Optional<EventTimes> times =
        processed.take(build.silverVersion() + 1).flatMap(PendingCommits.Load::times);
    Map<String, Long> phases = new TreeMap<>();
    phases.put("dimensions", build.dimensionsTook().toMillis());
    phases.put("facts", build.factsTook().toMillis());
    phases.put("checks", build.checksTook().toMillis());
    Map<Integer, Long> behind = Map.of(-1, processed.records());
    return new BatchMetrics(
        "gold",
        star,
        "gold-" + star,
        build.number(),
        build.startedAt(),
        build.finishedAt(),
        build.rowsIn(),
        phases,
        new BatchMetrics.Lag(behind, lag(behind, times, build.finishedAt())),
        times);
  }

  @Override
  public void restarted(String stream) {
    // What was committed before stays pending for the next batch.
  }

  /** Spark sets stream and batch on the batch's thread; a build before the stream has neither. */
  private void note(Work done) {
    String streamId = spark.sparkContext().getLocalProperty("sql.streaming.queryId");
    String batch = spark.sparkContext().getLocalProperty("streaming.sql.batchId");
    if (streamId != null && batch != null) {
      work.put(new BatchKey(streamId, Long.parseLong(batch)), done);
    }
  }

  @Override
  public void onQueryStarted(QueryStartedEvent event) {}

  @Override
  public void onQueryTerminated(QueryTerminatedEvent event) {}

  @Override
  public void onQueryProgress(QueryProgressEvent event) {
    metrics(event.progress()).ifPresent(onBatch);
    tellBuilds(false);
  }

  private synchronized Optional<BatchMetrics> metrics(StreamingQueryProgress progress) {
    Work done =
        Optional.ofNullable(work.remove(new BatchKey(id(progress.id()), progress.batchId())))
            .orElse(new Work(0, Optional.empty(), -1, false));
    forgetBefore(id(progress.id()), progress.batchId());
    if (progress.name() == null
        || progress.name().indexOf('-') < 0
        || progress.sources().length == 0) {
      return Optional.empty();
    }
    String layer = progress.name().substring(0, progress.name().indexOf('-'));
    String subject = progress.name().substring(layer.length() + 1);
    Map<String, Long> phases = new TreeMap<>(progress.durationMs());
    Instant started = Instant.parse(progress.timestamp());
    Instant finished = started.plusMillis(phases.getOrDefault("triggerExecution", 0L));
    SourceProgress source = progress.sources()[0];
    if (layer.equals("bronze")) {
      return batch(
          progress, layer, subject, finished, phases, done.records(), done.times(), behind(source));
    }
    Optional<Long> end = end(source);
    if (layer.equals("silver")) {
      Optional<PendingCommits.Load> taken = end.flatMap(landed::take);
      Optional<EventTimes> times = taken.flatMap(PendingCommits.Load::times);
      if (done.version() >= 0) {
        processedByStar
            .values()
            .forEach(
                pending ->
                    pending.put(new PendingCommits.Load(done.version(), done.records(), times)));
      }
      return batch(
          progress,
          layer,
          subject,
          finished,
          phases,
          done.records(),
          times,
          Map.of(-1, landed.records()));
    }
    return Optional.empty();
  }

  private Optional<BatchMetrics> batch(
      StreamingQueryProgress progress,
      String layer,
      String subject,
      Instant finished,
      Map<String, Long> phases,
      long records,
      Optional<EventTimes> times,
      Map<Integer, Long> behind) {
    if (records == 0 && progress.numInputRows() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchMetrics(
            layer,
            subject,
            id(progress.id()),
            progress.batchId(),
            Instant.parse(progress.timestamp()),
            finished,
            records,
            phases,
            new BatchMetrics.Lag(behind, lag(behind, times, finished)),
            times));
  }

  private static Optional<Duration> lag(
      Map<Integer, Long> behind, Optional<EventTimes> times, Instant finished) {
    return behind.values().stream().allMatch(n -> n == 0)
        ? Optional.of(Duration.ZERO)
        : times.map(t -> Duration.between(t.newest(), finished)).filter(d -> !d.isNegative());
  }

  private static String id(UUID id) {
    return id.toString();
  }

  /** There is no progress of a batch that failed. */
  private void forgetBefore(String streamId, long batch) {
    work.keySet().removeIf(key -> key.streamId().equals(streamId) && key.batch() < batch);
  }

  /** By partition, events that the broker has and the batch did not take. */
  private static Map<Integer, Long> behind(SourceProgress source) {
    Map<Integer, Long> behind = new TreeMap<>();
    JsonNode end = json(source.endOffset());
    json(source.latestOffset())
        .fields()
        .forEachRemaining(
            topic ->
                topic
                    .getValue()
                    .fields()
                    .forEachRemaining(
                        partition -> {
                          long taken = end.path(topic.getKey()).path(partition.getKey()).asLong(0);
                          behind.put(
                              Integer.valueOf(partition.getKey()),
                              Math.max(0, partition.getValue().asLong() - taken));
                        }));
    return behind;
  }

  /** The version of a Delta table up to which, itself not included, a batch has read. */
  private static Optional<Long> end(SourceProgress source) {
    JsonNode offset = json(source.endOffset());
    if (!offset.hasNonNull("reservoirVersion")) {
      return Optional.empty();
    }
    long version = offset.get("reservoirVersion").asLong();
    return Optional.of(offset.path("index").asLong(-1) < 0 ? version : version + 1);
  }

  private static JsonNode json(String text) {
    try {
      return text == null ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Spark's offsets are no JSON: " + text, e);
    }
  }
}

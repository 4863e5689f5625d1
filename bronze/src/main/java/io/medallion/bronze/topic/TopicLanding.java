package io.medallion.bronze.topic;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.stream.BatchGate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Lands a topic's events: every batch's files first, then one commit of {@code bronze.manifest}
 * that names them, with a row for each partition.
 *
 * <p>Spark's checkpoint says what a batch holds, the manifest whether it landed. A checkpoint
 * belongs to one topic by the broker's own id of it, so that a topic which was deleted and made
 * again is never taken for the one before; where a checkpoint is lost, the manifest says where to
 * go on. One landing of a feed may run at a time.
 */
public final class TopicLanding {
  private static final String EARLIEST = "earliest";
  private static final long EARLIEST_OFFSET = -2;
  private static final Duration TELLING = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(10);

  private final SparkSession spark;
  private final Lake lake;
  private final Ledger ledger;
  private final Contract contract;
  private final Feed feed;
  private final TopicSource source;
  private final Clock clock;
  private final String runId;
  private final LakeTable manifest;
  private final BatchGate gate = new BatchGate();
  private volatile Optional<StreamingQuery> query = Optional.empty();
  private volatile boolean stopped;
  private volatile long lastBatch = -1;

  /**
   * A landing that has not started.
   *
   * @throws ConfigurationException where the feed is of files
   */
  public TopicLanding(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Feed feed,
      TopicSource source,
      Clock clock,
      String runId) {
    if (feed.topic().isEmpty()) {
      throw new ConfigurationException(
          new Mistake(
              "--feed " + feed.name(),
              "it is a feed of files, not of a topic",
              "name its files with --source, or name a feed of kind topic"));
    }
    this.spark = spark;
    this.lake = lake;
    this.ledger = ledger;
    this.contract = contract;
    this.feed = feed;
    this.source = source;
    this.clock = clock;
    this.runId = runId;
    this.manifest = lake.manifest(spark);
  }

  /** Makes the manifest where there is none yet, so that what follows it can begin. */
  public void prepare() {
    Manifest.prepare(manifest);
  }

  /**
   * Lands what the topic has, and what it gets while the trigger goes on.
   *
   * @param onBatch called with each batch after its entry is in the ledger
   * @throws LakeException where the topic cannot be read, or events are gone that were not read and
   *     that is not to be recorded
   */
  public void run(Trigger trigger, Consumer<TopicBatch> onBatch) {
    prepare();
    try (TopicBroker broker = new TopicBroker(source)) {
      TopicBroker.State now = broker.state();
      LandedOffsets landed = landed();
      TopicBatchLander lander =
          new TopicBatchLander(
              spark, lake, ledger, contract, feed, source, clock, runId, broker, now.id());
      lander.recover();
      landed.recreatedAs(now.id()).ifPresent(lost -> recreated(lost, lander));
      String checkpoint = checkpoint(now.id());
      StreamOffsets log = new StreamOffsets(spark, checkpoint, source.topic());
      Map<Integer, Long> expected = expected(log, landed.until(now.id()));
      check(expected, now);
      lander.follow(log, expected);
      stream(trigger, checkpoint, startingOffsets(log, expected, now), lander, onBatch, broker);
    }
  }

  /**
   * Ends the landing after the running batch. Returns when it has ended.
   *
   * @param patience how long that batch may take, before it is given up and done again by the next
   *     landing
   */
  public void stop(Duration patience) throws InterruptedException, TimeoutException {
    stopped = true;
    gate.close(patience);
    if (query.isPresent()) {
      awaitTold(query.get());
      query.get().stop();
    }
  }

  /** Spark marks a batch as done, and reports its progress, after the batch has returned. */
  private void awaitTold(StreamingQuery running) throws InterruptedException {
    long deadline = System.nanoTime() + TELLING.toNanos();
    while (running.isActive() && told(running) < lastBatch && System.nanoTime() < deadline) {
      Thread.sleep(POLL.toMillis());
    }
  }

  private static long told(StreamingQuery running) {
    return running.lastProgress() == null ? -1 : running.lastProgress().batchId();
  }

  private String checkpoint(String topicId) {
    return lake.checkpoint(
        TopicBatchLander.JOB,
        feed.name() + "/" + source.topic() + (topicId.isEmpty() ? "" : "-" + topicId));
  }

  /** The topic's offsets in the manifest. */
  private LandedOffsets landed() {
    List<Row> rows =
        manifest
            .read()
            .where(col("feed").equalTo(feed.name()))
            .where(col("offsets.topic").equalTo(source.topic()))
            .groupBy("offsets.topic_id", "offsets.partition")
            .agg(max("offsets.until_offset"), max("landing_seq"))
            .collectAsList();
    return new LandedOffsets(
        source.topic(),
        rows.stream()
            .map(r -> new LandedOffsets.Of(r.getString(0), r.getInt(1), r.getLong(2), r.getLong(3)))
            .toList());
  }

  private void recreated(List<LostOffsets> lost, TopicBatchLander lander) {
    if (source.onDataLoss() == TopicSource.OnDataLoss.FAIL) {
      throw new LakeException(
          source
              + " was deleted and made again since it was last landed: what it held after that is"
              + " gone\n"
              + listed(lost),
          "run with --on-data-loss record to write that down and to land the new topic from its"
              + " first event");
    }
    lander.record(lost, "recreated", 0);
  }

  private static Map<Integer, Long> expected(StreamOffsets log, Map<Integer, Long> landed) {
    OptionalLong done = log.lastDone();
    return done.isPresent() ? log.until(done.getAsLong()).orElse(landed) : landed;
  }

  /** Nothing that was to be read next may be gone. */
  private void check(Map<Integer, Long> expected, TopicBroker.State now) {
    List<LostOffsets> lost = new ArrayList<>();
    List<String> cut = new ArrayList<>();
    expected.forEach(
        (partition, next) -> {
          long begin = now.begin().getOrDefault(partition, 0L);
          long end = now.end().getOrDefault(partition, 0L);
          if (end < next) {
            cut.add(
                "    %s/%d ends at offset %d, and offset %d has landed"
                    .formatted(source.topic(), partition, end, next - 1));
          } else if (begin > next) {
            lost.add(
                new LostOffsets(
                    source.topic(),
                    now.id(),
                    partition,
                    next,
                    OptionalLong.of(begin),
                    LostOffsets.EXPIRED));
          }
        });
    if (!cut.isEmpty()) {
      throw new LakeException(
          source + " has fewer events than have landed\n" + String.join("\n", cut),
          "the broker lost what it had acknowledged: new events would take the offsets of old ones."
              + " Make the topic again and land it with --on-data-loss record");
    }
    if (!lost.isEmpty() && source.onDataLoss() == TopicSource.OnDataLoss.FAIL) {
      throw gone(source, lost);
    }
  }

  static LakeException gone(TopicSource source, List<LostOffsets> lost) {
    return new LakeException(
        source + " no longer has events that were not landed\n" + listed(lost),
        "raise the topic's retention, and run with --on-data-loss record to write the lost range"
            + " down in ops.lost_offsets and to go on after it");
  }

  private static String listed(List<LostOffsets> lost) {
    return String.join("\n", lost.stream().map(l -> "    " + l).toList());
  }

  private String startingOffsets(
      StreamOffsets log, Map<Integer, Long> expected, TopicBroker.State now) {
    if (log.begun() || expected.isEmpty()) {
      return EARLIEST;
    }
    Map<Integer, Long> next = new TreeMap<>();
    now.begin().keySet().forEach(p -> next.put(p, expected.getOrDefault(p, EARLIEST_OFFSET)));
    return StreamOffsets.startingAt(source.topic(), next);
  }

  private void stream(
      Trigger trigger,
      String checkpoint,
      String startingOffsets,
      TopicBatchLander lander,
      Consumer<TopicBatch> onBatch,
      TopicBroker broker) {
    boolean fail = source.onDataLoss() == TopicSource.OnDataLoss.FAIL;
    DataStreamReader reader =
        spark
            .readStream()
            .format("kafka")
            .option("subscribe", source.topic())
            .option("includeHeaders", true)
            .option("startingOffsets", startingOffsets)
            .option("failOnDataLoss", fail);
    for (Map.Entry<String, String> option : source.clientOptions().entrySet()) {
      reader = reader.option("kafka." + option.getKey(), option.getValue());
    }
    if (source.maxOffsetsPerTrigger().isPresent()) {
      reader = reader.option("maxOffsetsPerTrigger", source.maxOffsetsPerTrigger().getAsLong());
    }
    VoidFunction2<Dataset<Row>, Long> onRows =
        (rows, batch) -> {
          gate.enter();
          try {
            lander.land(rows, batch).ifPresent(onBatch);
            lastBatch = batch;
          } finally {
            gate.leave();
          }
        };
    try {
      StreamingQuery started =
          reader
              .load()
              .writeStream()
              .queryName("bronze-" + feed.name())
              .option("checkpointLocation", checkpoint)
              .trigger(trigger)
              .foreachBatch(onRows)
              .start();
      query = Optional.of(started);
      if (stopped) {
        started.stop();
      }
      started.awaitTermination();
    } catch (StreamingQueryException e) {
      throw cause(e, broker, lander);
    } catch (TimeoutException e) {
      throw new LakeException("the landing of " + source + " did not start", "run it again", e);
    }
  }

  /** The exception that broke the stream, or that the checks of the start throw now. */
  private RuntimeException cause(
      StreamingQueryException failure, TopicBroker broker, TopicBatchLander lander) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getName().startsWith("io.medallion")) {
        return (RuntimeException) cause;
      }
    }
    TopicBroker.State now = broker.state();
    lander.checkIdentity(now);
    check(lander.expected(), now);
    return new LakeException(
        "landing " + source + " broke: " + failure.getMessage(), "run the command again", failure);
  }
}

package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.TopicLanding;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.gold.build.GoldStream;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WriterLock;
import io.medallion.jobs.maintenance.QuarantineCompaction;
import io.medallion.warehouse.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A topic through all layers, each a stream of its own: they share nothing but the tables, so that
 * a slow layer holds up none before it.
 */
public final class StreamPipeline {
  private static final String AUTO_COMPACT = "spark.databricks.delta.autoCompact.enabled";
  private static final String COMPACTED_SIZE = "spark.databricks.delta.autoCompact.maxFileSize";

  /** A file of half as much is left alone: it is not written again with every fiftieth batch. */
  private static final long COMPACTED_BYTES = 32L << 20;

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_RESTARTS = 10;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** A stream that ran so long begins to count anew. */
  private static final Duration CALM = Duration.ofMinutes(2);

  private final Lakehouse lakehouse;
  private final String feed;
  private final TopicSource source;
  private final List<Star> stars;
  private final Triggers triggers;
  private final StreamReport report;
  private final StopSignal signal;
  private final Optional<StarLoads> loads;
  private volatile Optional<TopicLanding> landing = Optional.empty();

  /**
   * How often each layer looks for something new.
   *
   * @param drain how long a stop may take for what has landed to reach gold
   */
  public record Triggers(Trigger bronze, Trigger silver, Trigger gold, Duration drain) {}

  public StreamPipeline(
      Lakehouse lakehouse,
      String feed,
      TopicSource source,
      List<Star> stars,
      Triggers triggers,
      StreamReport report,
      StopSignal signal) {
    this(lakehouse, feed, source, stars, triggers, report, signal, Optional.empty());
  }

  /**
   * @param warehouse what each build of a star is loaded into; stays open
   */
  public StreamPipeline(
      Lakehouse lakehouse,
      String feed,
      TopicSource source,
      List<Star> stars,
      Triggers triggers,
      StreamReport report,
      StopSignal signal,
      Optional<Warehouse> warehouse) {
    this.lakehouse = lakehouse;
    this.feed = feed;
    this.source = source;
    this.stars = List.copyOf(stars);
    this.triggers = triggers;
    this.report = report;
    this.signal = signal;
    this.loads = warehouse.map(w -> new StarLoads(lakehouse, w, report));
  }

  /**
   * Runs until the signal, {@code limit} or a failure ends it; what is in hand then goes through
   * all layers first, a failure apart.
   *
   * @param limit absent for none
   */
  public void run(Optional<Duration> limit) throws InterruptedException {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    try (WriterLock turns = lakehouse.turns()) {
      turns.await("silver-" + contract.table(), signal);
      for (Star star : stars) {
        turns.await("gold-" + star.name(), signal);
      }
      if (signal.raised()) {
        return;
      }
      try (QuarantineCompaction compaction = QuarantineCompaction.start(lakehouse)) {
        stream(contract, limit);
      }
    }
  }

  private void stream(Contract contract, Optional<Duration> limit) throws InterruptedException {
    List<StreamThread> threads = new ArrayList<>();
    lakehouse.topic(feed, source).prepare();
    lakehouse.silver(contract).prepare();
    threads.add(started("bronze-" + feed, this::land));
    threads.add(
        started(
            "silver-" + contract.table(),
            () -> lakehouse.silver(contract).run(triggers.silver(), report::add)));
    for (Star star : stars) {
      threads.add(started("gold-" + star.name(), () -> build(star)));
    }
    await(threads, limit);
    stop(threads, contract);
    threads.forEach(StreamThread::rethrow);
    loads.ifPresent(StarLoads::finish);
  }

  private void land() {
    TopicLanding current = lakehouse.topic(feed, source);
    landing = Optional.of(current);
    if (signal.raised()) {
      return; // whoever raised it may have seen the landing before this one
    }
    current.run(triggers.bronze(), report::add);
  }

  private void build(Star star) {
    GoldStream gold = lakehouse.gold(star);
    if (gold.isUpToDate()) {
      loads.ifPresent(l -> l.catchUp(star));
    }
    gold.run(
        triggers.gold(),
        build -> {
          report.add(star.name(), build);
          loads.ifPresent(l -> l.built(star, build));
        });
  }

  /** A stream that starts again where what broke it passes by. */
  private StreamThread started(String name, StreamThread.Work work) {
    return StreamThread.start(name, () -> keepRunning(name, work));
  }

  private void keepRunning(String name, StreamThread.Work work) throws Exception {
    int restarts = 0;
    while (!signal.raised()) {
      long began = System.nanoTime();
      try {
        work.run();
        return;
      } catch (RuntimeException e) {
        restarts = System.nanoTime() - began > CALM.toNanos() ? 1 : restarts + 1;
        if (!StreamThread.passing(e) || restarts > MAX_RESTARTS) {
          throw e;
        }
        report.restarted(name, e);
        if (signal.await(PAUSE.multipliedBy(restarts))) {
          return;
        }
      }
    }
  }

  private void await(List<StreamThread> threads, Optional<Duration> limit)
      throws InterruptedException {
    long deadline = limit.map(l -> System.nanoTime() + l.toNanos()).orElse(Long.MAX_VALUE);
    while (threads.stream().allMatch(StreamThread::running)
        && System.nanoTime() < deadline
        && !signal.await(POLL)) {
      continue;
    }
  }

  /** First what lands, then what follows it: each has nothing left to do when its turn comes. */
  private void stop(List<StreamThread> threads, Contract contract) throws InterruptedException {
    boolean sound = threads.stream().allMatch(StreamThread::running);
    signal.raise();
    if (landing.isPresent()) {
      TopicLanding current = landing.get();
      StreamThread.stop("bronze-" + feed, () -> current.stop(triggers.drain()));
    }
    threads.get(0).join();
    stopQuery("silver-" + contract.table(), threads.get(1), sound);
    for (int i = 0; i < stars.size(); i++) {
      stopQuery("gold-" + stars.get(i).name(), threads.get(2 + i), sound);
    }
  }

  private void stopQuery(String name, StreamThread thread, boolean drained)
      throws InterruptedException {
    long deadline = System.nanoTime() + triggers.drain().toNanos();
    // A query that is just starting is not to be seen yet.
    while (thread.running()) {
      for (StreamingQuery query : queries(name)) {
        if (drained) {
          StreamThread drain = StreamThread.start("drain-" + name, query::processAllAvailable);
          while (drain.running() && query.isActive() && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
          }
        }
        try {
          query.stop();
        } catch (TimeoutException e) {
          throw new IllegalStateException("no time limit is set for a stop", e);
        }
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private List<StreamingQuery> queries(String name) {
    return Arrays.stream(lakehouse.spark().streams().active())
        .filter(query -> name.equals(query.name()))
        .toList();
  }

  /**
   * Every batch commits small files. Delta merges them as it goes; streaming readers pass over such
   * commits, since no row changes in them. To gather rows before each write (Delta's optimized
   * writes) costs a shuffle of all that is written, and saves a file or two of a small batch.
   */
  public static void keepFilesFew(SparkSession spark) {
    if (spark.conf().getOption(AUTO_COMPACT).isEmpty()) {
      spark.conf().set(AUTO_COMPACT, true);
    }
    if (spark.conf().getOption(COMPACTED_SIZE).isEmpty()) {
      spark.conf().set(COMPACTED_SIZE, COMPACTED_BYTES);
    }
  }
}

package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.TopicLanding;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.gold.build.BuildChanges;
import io.medallion.gold.build.GoldStream;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WriterLock;
import io.medallion.jobs.maintenance.Compactor;
import io.medallion.jobs.maintenance.RepeatedWork;
import io.medallion.warehouse.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A topic through all layers, each a stream of its own: they share nothing but the tables, so that
 * a slow layer does not slow down the one before it.
 */
public final class StreamPipeline {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_RESTARTS = 10;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** After a stream has run for so long, its restarts are counted from 1 again. */
  private static final Duration CALM = Duration.ofMinutes(2);

  private final Lakehouse lakehouse;
  private final String feed;
  private final TopicSource source;
  private final List<Star> stars;
  private final Triggers triggers;
  private final StreamReport report;
  private final StopSignal signal;
  private final Optional<StarLoads> loads;
  private final Compactor compactor;
  private final CountDownLatch silverEnded = new CountDownLatch(1);
  private volatile boolean drained;
  private volatile Optional<TopicLanding> landing = Optional.empty();

  /**
   * How often each layer looks for something new.
   *
   * @param drain how long a stop may take for what has landed to reach gold
   */
  public record Triggers(Trigger bronze, Trigger silver, Duration gold, Duration drain) {}

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
    this.compactor = new Compactor(lakehouse);
  }

  /**
   * Runs until the signal, {@code limit} or a failure ends it. Unless it failed, what has landed by
   * then goes through all layers first.
   *
   * @param limit absent for none
   */
  public void run(Optional<Duration> limit) throws InterruptedException {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    try (WriterLock writerLock = lakehouse.writerLock()) {
      writerLock.await("silver-" + contract.table(), signal);
      for (Star star : stars) {
        writerLock.await("gold-" + star.name(), signal);
      }
      if (signal.raised()) {
        return;
      }
      try (RepeatedWork compaction = compactor.compactAppendedTables()) {
        stream(contract, limit);
      }
    }
  }

  private void stream(Contract contract, Optional<Duration> limit) throws InterruptedException {
    List<StreamThread> threads = new ArrayList<>();
    lakehouse.topic(feed, source).prepare();
    lakehouse.silver(contract).prepare();
    threads.add(started("bronze-" + feed, this::land));
    threads.add(started("silver-" + contract.table(), () -> process(contract)));
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
      return; // the thread that raised it may have stopped only the landing before this one
    }
    current.run(
        triggers.bronze(),
        batch -> {
          report.add(batch);
          compactor.compactManifest();
        });
  }

  private void process(Contract contract) {
    lakehouse
        .silver(contract)
        .run(
            triggers.silver(),
            summary -> {
              report.add(summary);
              compactor.compactSilver(contract);
            });
  }

  /** Builds the star whenever its time has come, and a last time when silver has ended. */
  private void build(Star star) throws InterruptedException {
    try (GoldStream gold = lakehouse.gold(star)) {
      gold.concurrentSource();
      if (gold.isUpToDate()) {
        loads.ifPresent(l -> l.catchUp(star));
      }
      boolean more = true;
      while (more) {
        more = !silverEnded.await(triggers.gold().toMillis(), TimeUnit.MILLISECONDS);
        if (more || drained) {
          gold.build().ifPresent(build -> built(star, build, gold.changes()));
        }
      }
    }
  }

  private void built(Star star, GoldSummary.Build build, BuildChanges changes) {
    report.add(star.name(), build);
    loads.ifPresent(l -> l.built(star, build, changes));
    compactor.compactGold(star);
  }

  /** A stream that is restarted after a failure that is worth another try. */
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

  /** Stops the layers in their order, so that each has processed all that the one before wrote. */
  private void stop(List<StreamThread> threads, Contract contract) throws InterruptedException {
    boolean sound = threads.stream().allMatch(StreamThread::running);
    signal.raise();
    if (landing.isPresent()) {
      TopicLanding current = landing.get();
      StreamThread.stop("bronze-" + feed, () -> current.stop(triggers.drain()));
    }
    threads.get(0).join();
    stopQuery("silver-" + contract.table(), threads.get(1), sound);
    drained = sound;
    silverEnded.countDown();
    for (int i = 0; i < stars.size(); i++) {
      threads.get(2 + i).join();
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
}

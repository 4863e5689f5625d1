package io.medallion.jobs;

import io.medallion.bronze.TopicLanding;
import io.medallion.bronze.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.gold.star.Star;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A topic through all layers, each a stream of its own: they share nothing but the tables, so that
 * a slow layer holds up none before it.
 */
final class StreamPipeline {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_RESTARTS = 10;
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final Lakehouse lakehouse;
  private final String feed;
  private final TopicSource source;
  private final List<Star> stars;
  private final Pace pace;
  private final StreamReport report;
  private final StopSignal signal;
  private volatile Optional<TopicLanding> landing = Optional.empty();

  /**
   * How often each layer looks for something new.
   *
   * @param drain how long a stop may take for what has landed to reach gold
   */
  record Pace(Trigger bronze, Trigger silver, Trigger gold, Duration drain) {}

  StreamPipeline(
      Lakehouse lakehouse,
      String feed,
      TopicSource source,
      List<Star> stars,
      Pace pace,
      StreamReport report,
      StopSignal signal) {
    this.lakehouse = lakehouse;
    this.feed = feed;
    this.source = source;
    this.stars = List.copyOf(stars);
    this.pace = pace;
    this.report = report;
    this.signal = signal;
  }

  /**
   * Runs until the signal, {@code limit} or a failure ends it; what is in hand then goes through
   * all layers first, a failure apart.
   *
   * @param limit absent for none
   */
  void run(Optional<Duration> limit) throws InterruptedException {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    List<StreamThread> threads = new ArrayList<>();
    try (Turns turns = lakehouse.turns()) {
      turns.await("silver-" + contract.table(), signal);
      for (Star star : stars) {
        turns.await("gold-" + star.name(), signal);
      }
      if (signal.raised()) {
        return;
      }
      lakehouse.topic(feed, source).prepare();
      lakehouse.silver(contract).prepare();
      threads.add(started("bronze-" + feed, this::land));
      threads.add(
          started(
              "silver-" + contract.table(),
              () -> lakehouse.silver(contract).run(pace.silver(), report::add)));
      for (Star star : stars) {
        threads.add(
            started(
                "gold-" + star.name(),
                () ->
                    lakehouse
                        .gold(star)
                        .run(pace.gold(), build -> report.add(star.name(), build))));
      }
      await(threads, limit);
      stop(threads, contract);
    }
    threads.forEach(StreamThread::rethrow);
  }

  private void land() {
    TopicLanding current = lakehouse.topic(feed, source);
    landing = Optional.of(current);
    current.run(pace.bronze(), report::add);
  }

  /** A stream that starts again where what broke it passes by. */
  private StreamThread started(String name, StreamThread.Work work) {
    return StreamThread.start(
        name,
        () -> {
          for (int restarts = 0; ; restarts++) {
            long began = System.nanoTime();
            try {
              work.run();
              return;
            } catch (RuntimeException e) {
              if (System.nanoTime() - began > MAX_PAUSE.toNanos() * 4) {
                restarts = 0;
              }
              if (!StreamThread.passing(e) || restarts == MAX_RESTARTS || signal.raised()) {
                throw e;
              }
              report.restarted(name, e);
              Duration pause = Duration.ofSeconds(1L << Math.min(restarts, 5));
              signal.await(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause);
            }
          }
        });
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
      StreamThread.stop("bronze-" + feed, () -> current.stop(pace.drain()));
    }
    threads.get(0).join();
    stopQuery("silver-" + contract.table(), sound);
    for (Star star : stars) {
      stopQuery("gold-" + star.name(), sound);
    }
    for (StreamThread thread : threads) {
      thread.join();
    }
  }

  private void stopQuery(String name, boolean drained) throws InterruptedException {
    for (StreamingQuery query : queries(name)) {
      if (drained) {
        StreamThread drain = StreamThread.start("drain-" + name, query::processAllAvailable);
        long deadline = System.nanoTime() + pace.drain().toNanos();
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
  }

  private List<StreamingQuery> queries(String name) {
    return Arrays.stream(lakehouse.spark().streams().active())
        .filter(query -> name.equals(query.name()))
        .toList();
  }
}

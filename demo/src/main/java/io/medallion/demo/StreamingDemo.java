package io.medallion.demo;

import static io.medallion.jobs.cli.Console.number;

import io.medallion.bronze.topic.TopicBatch;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.demo.events.EventOptions;
import io.medallion.demo.events.EventTruth;
import io.medallion.demo.events.OrderProducer;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.streaming.StreamMonitor;
import io.medallion.jobs.streaming.StreamObserver;
import io.medallion.jobs.streaming.StreamPipeline;
import io.medallion.jobs.streaming.StreamReport;
import io.medallion.jobs.streaming.StreamThread;
import io.medallion.silver.SilverSummary;
import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.streaming.Trigger;

/**
 * {@code medallion demo --streaming}: a broker, a producer and the pipeline in this process, which
 * ends all of them, and what came out beside what should.
 */
final class StreamingDemo {
  private static final String FEED = "sales_events";
  private static final String TOPIC = "sales_orders";
  private static final double FAULTS = 0.03;
  private static final long MAX_OFFSETS = 20_000;
  private static final Duration POLL = Duration.ofMillis(200);

  /** What has been sent when the time is over may take so long to land. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final Path dir;
  private final Size size;
  private final Console console;
  private final AtomicLong landed = new AtomicLong();
  private final AtomicReference<Optional<OrderProducer.Produced>> produced =
      new AtomicReference<>(Optional.empty());
  private volatile boolean timeIsOver;
  private volatile boolean allHasLanded;

  /**
   * How much is shown.
   *
   * @param events to send
   * @param rate of them per second
   * @param limit how long events are sent at most
   */
  record Size(long events, double rate, Duration limit) {
    Size {
      if (events < 1 || !(rate > 0)) {
        throw new IllegalArgumentException("%d events at %s per second".formatted(events, rate));
      }
    }
  }

  StreamingDemo(Path dir, Size size, Console console) {
    this.dir = dir;
    this.size = size;
    this.console = console;
  }

  /** Returns the exit code: 1 where what came out is not what should. */
  int run(Arguments arguments) throws Exception {
    EventTruth truth = new EventTruth();
    console.progress("demo", "starting a broker in " + dir.resolve("broker"));
    try (KafkaBroker broker = KafkaBroker.start(dir.resolve("broker"));
        Lakehouse lakehouse = Lakehouse.open(arguments, dir.resolve("lake").toString());
        StopSignal signal = StopSignal.listen()) {
      StreamReport report;
      StreamThread sender;
      Contract contract = lakehouse.configuration().contractOfFeed(FEED);
      List<Star> stars = lakehouse.configuration().stars().fedBy(contract.table());
      try (StreamMonitor streamMonitor =
          StreamMonitor.start(lakehouse, FEED, stars, Optional.empty(), console)) {
        List<StreamObserver> observers = new ArrayList<>(streamMonitor.observers());
        observers.add(new Landings());
        report = new StreamReport(console, observers);
        console.progress(
            "demo",
            "sending %s events, %s a second"
                .formatted(number(size.events()), number(Math.round(size.rate()))));
        sender = StreamThread.start("produce", () -> produce(broker, truth, signal));
        StreamThread end = StreamThread.start("demo-end", () -> endWhenAllHasLanded(signal));
        try {
          new StreamPipeline(lakehouse, FEED, source(broker), stars, triggers(), report, signal)
              .run(Optional.of(size.limit().plus(GRACE)));
        } finally {
          signal.raise();
          sender.join();
          end.join();
        }
      }
      sender.rethrow();
      truth.write(dir.resolve("truth"));
      int exitCode = report.end(arguments, lakehouse.runId());
      if (!allHasLanded) {
        console.error(
            "ended before all that was sent had landed, so it cannot be held against the truth");
        return ExitCode.FAILED;
      }
      boolean right = compare(lakehouse, contract, truth, arguments);
      return right ? exitCode : ExitCode.FAILED;
    }
  }

  private TopicSource source(KafkaBroker broker) {
    return new TopicSource(
        broker.bootstrapServers(),
        TOPIC,
        Map.of(),
        OptionalLong.of(MAX_OFFSETS),
        TopicSource.OnDataLoss.FAIL);
  }

  private static StreamPipeline.Triggers triggers() {
    return new StreamPipeline.Triggers(
        Trigger.ProcessingTime(2_000),
        Trigger.ProcessingTime(2_000),
        Duration.ofSeconds(5),
        Duration.ofMinutes(2));
  }

  private final class Landings implements StreamObserver {
    @Override
    public void landed(TopicBatch batch) {
      landed.addAndGet(batch.records());
    }

    @Override
    public void processed(SilverSummary summary) {}

    @Override
    public void built(String star, GoldSummary.Build build) {}

    @Override
    public void restarted(String stream) {}
  }

  private void produce(KafkaBroker broker, EventTruth truth, StopSignal signal)
      throws InterruptedException {
    EventOptions options =
        EventOptions.of(size.events())
            .withFaultRate(FAULTS)
            .withStart(Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS));
    OrderProducer.Target target =
        new OrderProducer.Target(broker.bootstrapServers(), TOPIC, 3, Map.of());
    try {
      produced.set(
          Optional.of(
              new OrderProducer(target, options, size.rate(), Optional.of(truth))
                  .produce(
                      sent -> console.progress("produce", number(sent) + " events sent"),
                      () -> timeIsOver || signal.raised())));
    } finally {
      if (produced.get().isEmpty()) {
        signal.raise();
      }
    }
  }

  private void endWhenAllHasLanded(StopSignal signal) throws InterruptedException {
    long deadline = System.nanoTime() + size.limit().toNanos();
    while (!signal.await(POLL)) {
      timeIsOver = System.nanoTime() > deadline;
      if (produced.get().filter(all -> landed.get() >= all.events()).isPresent()) {
        allHasLanded = true;
        signal.raise();
      }
    }
  }

  /** Whether every partition's events have the fates that they should have. */
  private boolean compare(
      Lakehouse lakehouse, Contract contract, EventTruth truth, Arguments arguments) {
    Reconciliation reconciliation =
        Reconciliation.of(lakehouse.readOnly(), contract, Optional.empty());
    List<List<String>> rows = new ArrayList<>();
    boolean right = reconciliation.balances();
    for (EventTruth.Fates fates : truth.fates()) {
      Optional<Reconciliation.Line> line =
          reconciliation.linesByPartition().stream()
              .filter(l -> l.file().equals(fates.source()))
              .findAny();
      boolean same = line.map(l -> same(l, fates)).orElse(false);
      right &= same;
      rows.add(
          List.of(
              fates.source(),
              number(fates.records()),
              number(fates.accepted()),
              number(fates.duplicates()),
              number(fates.superseded()),
              number(fates.quarantined()),
              same ? "as expected" : line.map(StreamingDemo::found).orElse("NOT at all")));
    }
    if (!arguments.on(CommandSpec.JSON)) {
      console.line("");
      console.line("What became of the events, as the producer knows it:");
      console.table(
          List.of(
              "partition", "sent", "accepted", "duplicates", "superseded", "quarantined", "found"),
          rows);
      DemoJob.show(lakehouse, console, dir, Optional.empty());
      console.line("  ./medallion status --lake " + dir.resolve("lake"));
    }
    if (!right) {
      console.error("what came out is not what was sent: see medallion reconcile");
    }
    return right;
  }

  private static String found(Reconciliation.Line line) {
    return "NOT as expected: %d landed, %d + %d + %d + %d"
        .formatted(
            line.landed(),
            line.accepted(),
            line.duplicates(),
            line.superseded(),
            line.quarantined());
  }

  private static boolean same(Reconciliation.Line line, EventTruth.Fates fates) {
    return line.landed() == fates.records()
        && line.accepted() == fates.accepted()
        && line.duplicates() == fates.duplicates()
        && line.superseded() == fates.superseded()
        && line.quarantined() == fates.quarantined();
  }
}

package io.medallion.jobs;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Feed;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.OptionMistakes;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Settings;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.jobs.streaming.StreamMonitor;
import io.medallion.jobs.streaming.StreamPipeline;
import io.medallion.jobs.streaming.StreamReport;
import io.medallion.warehouse.Warehouse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.streaming.Trigger;

/** {@code medallion stream}: a topic through all layers, for as long as the process lives. */
public final class StreamJob extends Job {
  private static final int MAX_PORT = 65_535;
  private static final String FIX = "such as 500ms, 10s or 1m";

  private static final OptionSpec FEED =
      OptionSpec.optional("feed", "NAME", "the feed of kind topic", "sales_events");
  private static final OptionSpec TRIGGER =
      OptionSpec.optional(
          "trigger", "DURATION", "how often bronze and silver look for something new", "2s");
  private static final OptionSpec GOLD_TRIGGER =
      OptionSpec.optional("gold-trigger", "DURATION", "how often gold does", "1m");
  private static final OptionSpec FOR =
      OptionSpec.optional("for", "DURATION", "end after that time, such as 10m; without it, never");
  private static final OptionSpec DRAIN =
      OptionSpec.optional(
          "drain",
          "DURATION",
          "how long each layer may take, at the end, for what has landed",
          "60s");
  private static final OptionSpec METRICS_PORT = Settings.METRICS_PORT.option().orElseThrow();
  private static final OptionSpec METRICS_ADDRESS = Settings.METRICS_ADDRESS.option().orElseThrow();

  public static void main(String[] line) {
    main(new StreamJob(), line);
  }

  @Override
  public CommandSpec spec() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                FEED,
                CommandSpec.STAR,
                TRIGGER,
                GOLD_TRIGGER,
                FOR,
                DRAIN,
                METRICS_PORT,
                METRICS_ADDRESS,
                WarehouseChoice.WAREHOUSE,
                WarehouseChoice.FILE,
                WarehouseChoice.CONFIG));
    options.addAll(TopicOptions.ALL);
    return CommandSpec.of(
        "stream",
        "Bring a topic's events through all layers, and the warehouse, continuously. SIGTERM ends"
            + " it cleanly.",
        options,
        List.of(
            "medallion stream --feed sales_events --bootstrap-servers kafka:9092 --lake ./lake",
            "medallion stream --bootstrap-servers kafka:9092 --trigger 1s --gold-trigger 30s"
                + " --on-data-loss record"));
  }

  @Override
  protected int run(Arguments arguments, Console console) throws InterruptedException {
    String name = arguments.text(FEED);
    Configuration configuration = Configuration.read(arguments.maybe(CommandSpec.CONFIG));
    Feed feed = configuration.contractOfFeed(name).feed(name);
    if (feed.topic().isEmpty()) {
      throw new ConfigurationException(
          new Mistake(
              "--feed " + name,
              "it is a feed of files, not of a topic",
              "land its files with medallion run"));
    }
    OptionMistakes mistakes = new OptionMistakes();
    Optional<TopicSource> source =
        mistakes.of(() -> TopicOptions.source(arguments, feed.topic().get(), System::getenv));
    Optional<Trigger> trigger = mistakes.of(() -> TopicOptions.every(arguments, TRIGGER, FIX));
    Optional<Duration> goldTrigger =
        mistakes.of(() -> TopicOptions.duration(arguments, GOLD_TRIGGER, FIX));
    Optional<Duration> drain = mistakes.of(() -> TopicOptions.duration(arguments, DRAIN, FIX));
    Optional<Duration> limit =
        arguments
            .maybe(FOR)
            .flatMap(f -> mistakes.of(() -> TopicOptions.duration(arguments, FOR, FIX)));
    Optional<Optional<InetSocketAddress>> metrics = mistakes.of(() -> metrics(arguments));
    Optional<WarehouseChoice> choice =
        mistakes.of(() -> WarehouseChoice.optional(arguments, arguments.text(CommandSpec.LAKE)));
    arguments
        .maybe(CommandSpec.STAR)
        .ifPresent(star -> mistakes.of(() -> configuration.stars().byName(star)));
    mistakes.throwIfAny();
    StreamPipeline.Triggers triggers =
        new StreamPipeline.Triggers(
            trigger.orElseThrow(),
            trigger.orElseThrow(),
            goldTrigger.orElseThrow(),
            drain.orElseThrow());
    try (Lakehouse lakehouse = Lakehouse.open(arguments);
        StopSignal signal = StopSignal.listen()) {
      List<Star> stars = lakehouse.starsFedBy(name, arguments);
      StreamReport report;
      Optional<Warehouse> warehouse = choice.orElseThrow().open(lakehouse);
      try (StreamMonitor streamMonitor =
          StreamMonitor.start(lakehouse, name, stars, metrics.orElseThrow(), console)) {
        report = new StreamReport(console, streamMonitor.observers());
        new StreamPipeline(
                lakehouse, name, source.orElseThrow(), stars, triggers, report, signal, warehouse)
            .run(limit);
      } finally {
        warehouse.ifPresent(Warehouse::close);
      }
      choice.flatMap(WarehouseChoice::remark).ifPresent(console::notice);
      return report.end(arguments, lakehouse.runId());
    }
  }

  private static Optional<InetSocketAddress> metrics(Arguments arguments) {
    Optional<String> text = arguments.maybe(METRICS_PORT);
    if (text.isEmpty()) {
      if (arguments.maybe(METRICS_ADDRESS).isPresent()) {
        throw new ConfigurationException(
            new Mistake(
                arguments.place(METRICS_ADDRESS),
                "no port is named at which to serve metrics",
                "add --metrics-port"));
      }
      return Optional.empty();
    }
    if (text.get().matches("\\d{1,5}") && Integer.parseInt(text.get()) <= MAX_PORT) {
      InetSocketAddress address =
          new InetSocketAddress(
              arguments.maybe(METRICS_ADDRESS).orElse("127.0.0.1"), Integer.parseInt(text.get()));
      if (address.isUnresolved()) {
        throw new ConfigurationException(
            new Mistake(
                arguments.place(METRICS_ADDRESS),
                "it is no address of this machine",
                "127.0.0.1 for this machine alone, 0.0.0.0 for everyone"));
      }
      return Optional.of(address);
    }
    throw new ConfigurationException(
        new Mistake(
            arguments.place(METRICS_PORT), "it is no port", "a number from 0 to " + MAX_PORT));
  }
}

package io.medallion.jobs;

import io.medallion.bronze.topic.TopicLanding;
import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Feed;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.OptionMistakes;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.streaming.StreamMonitor;
import io.medallion.jobs.streaming.StreamReport;
import io.medallion.jobs.streaming.StreamThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.streaming.Trigger;

/** {@code medallion bronze}: lands files, or a topic's events, of a feed. */
public final class BronzeJob extends Job {
  static final OptionSpec SOURCE =
      OptionSpec.several(
          "source",
          "PATH…",
          "files, directories or quoted globs, of a feed of files; .gz is read as well");
  public static final OptionSpec TRIGGER =
      OptionSpec.optional(
          "trigger",
          "once|DURATION",
          "for a topic: land what is there and end, or look every DURATION, such as 10s",
          "once");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  public static void main(String[] line) {
    main(new BronzeJob(), line);
  }

  @Override
  public CommandSpec spec() {
    List<OptionSpec> options = new ArrayList<>(List.of(SOURCE, CommandSpec.FEED, TRIGGER));
    options.addAll(TopicOptions.ALL);
    return CommandSpec.of(
        "bronze",
        "Land files or a topic's events unchanged, each once.",
        options,
        List.of(
            "medallion bronze --feed sales_orders --source orders.csv --lake ./lake",
            "medallion bronze --source /drop '/late/*.csv.gz'",
            "medallion bronze --feed sales_events --bootstrap-servers kafka:9092 --trigger 10s"));
  }

  @Override
  protected int run(Arguments arguments, Console console) throws InterruptedException {
    String name = arguments.text(CommandSpec.FEED);
    Feed feed =
        Configuration.read(arguments.maybe(CommandSpec.CONFIG)).contractOfFeed(name).feed(name);
    if (feed.topic().isPresent()) {
      return runTopic(feed, arguments, console);
    }
    if (arguments.all(SOURCE).isEmpty()) {
      throw new ConfigurationException(
          new Mistake("medallion bronze", "Missing option --source", "name the files to land"));
    }
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      report.add(lakehouse.bronze(name).land(arguments.all(SOURCE)));
      return report.end(arguments, lakehouse.runId());
    }
  }

  private static int runTopic(Feed feed, Arguments arguments, Console console)
      throws InterruptedException {
    if (!arguments.all(SOURCE).isEmpty()) {
      throw new ConfigurationException(
          new Mistake(
              "--source",
              "the feed " + feed.name() + " is of a topic, not of files",
              "name its broker with --bootstrap-servers instead"));
    }
    OptionMistakes mistakes = new OptionMistakes();
    Optional<TopicSource> source =
        mistakes.of(
            () -> TopicOptions.source(arguments, feed.topic().orElseThrow(), System::getenv));
    Optional<Trigger> trigger = mistakes.of(() -> TopicOptions.trigger(arguments, TRIGGER));
    mistakes.throwIfAny();
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      TopicLanding landing = lakehouse.topic(feed.name(), source.orElseThrow());
      StreamReport report;
      try (StopSignal signal = StopSignal.listen();
          StreamMonitor streamMonitor =
              StreamMonitor.start(lakehouse, feed.name(), List.of(), Optional.empty(), console)) {
        report = new StreamReport(console, streamMonitor.observers());
        StreamThread.run(
            "bronze",
            () -> landing.run(trigger.orElseThrow(), report::add),
            () -> landing.stop(PATIENCE),
            signal);
      }
      return report.end(arguments, lakehouse.runId());
    }
  }
}

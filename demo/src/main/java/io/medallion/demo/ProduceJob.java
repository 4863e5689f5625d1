package io.medallion.demo;

import static io.medallion.jobs.cli.Console.bytes;
import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.demo.events.EventOptions;
import io.medallion.demo.events.EventTruth;
import io.medallion.demo.events.OrderProducer;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.OptionSpec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code medallion produce}: order events with every difficulty, and the truth about them. */
public final class ProduceJob extends Job {
  private static final OptionSpec SERVERS =
      OptionSpec.required("bootstrap-servers", "HOST:PORT[,…]", "the topic's brokers");
  private static final OptionSpec TOPIC =
      OptionSpec.optional("topic", "NAME", "made where there is none of that name", "sales_orders");
  private static final OptionSpec PARTITIONS =
      OptionSpec.optional("partitions", "N", "of a topic that is made", "3");
  private static final OptionSpec COUNT =
      OptionSpec.optional("count", "N", "how many events", "1000");
  private static final OptionSpec RATE =
      OptionSpec.optional(
          "rate", "N", "events per second; 0 is as fast as the broker takes them", "100");
  private static final OptionSpec FAULTS =
      OptionSpec.optional("faults", "RATE", "share of broken events, 0 to 0.5", "0.02");
  private static final OptionSpec SEED =
      OptionSpec.optional("seed", "S", "equal seed and --start give equal events", "1");
  private static final OptionSpec START =
      OptionSpec.optional(
          "start",
          "INSTANT",
          "updated_at of the first change, such as 2025-01-01T00:00:00Z; without it, so that the"
              + " last change is of the time of its sending");
  private static final OptionSpec FORMAT =
      OptionSpec.optional("format", "json|avro|avro-registry", "how values are written", "json");
  private static final OptionSpec TRUTH =
      OptionSpec.optional(
          "truth", "DIR", "an empty folder for what must come out; held in memory until the end");

  public static void main(String[] line) {
    main(new ProduceJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "produce",
        "Send order events to a topic: late, repeated, re-ordered, deleted and broken ones too.",
        List.of(
            SERVERS,
            TOPIC,
            PARTITIONS,
            COUNT,
            RATE,
            FAULTS,
            SEED,
            START,
            FORMAT,
            TRUTH,
            TopicOptions.KAFKA_OPTION,
            TopicOptions.KAFKA_PROPERTIES),
        List.of(
            "medallion produce --bootstrap-servers localhost:9092 --count 10000 --rate 500",
            "medallion produce --bootstrap-servers localhost:9092 --topic orders_avro --format avro"
                + " --faults 0.1 --seed 7 --truth ./truth"));
  }

  @Override
  protected int run(Arguments arguments, Console console) throws IOException, InterruptedException {
    List<Mistake> mistakes = new ArrayList<>();
    Optional<Double> rate = read(arguments, RATE, Double::valueOf, mistakes);
    Optional<Integer> partitions = read(arguments, PARTITIONS, Integer::valueOf, mistakes);
    Optional<EventOptions> options = options(arguments, rate.orElse(0.0), mistakes);
    rate.filter(r -> !(r >= 0))
        .ifPresent(r -> mistakes.add(mistake(arguments, RATE, "it is below 0", "0 or more")));
    partitions
        .filter(p -> p < 1)
        .ifPresent(p -> mistakes.add(mistake(arguments, PARTITIONS, "it is below 1", "1 or more")));
    Map<String, String> client =
        TopicOptions.clientOptions(arguments, System::getenv, mistakes::addAll);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    Optional<Path> folder = arguments.maybe(TRUTH).map(Path::of);
    if (folder.isPresent()) {
      requireEmpty(folder.get());
    }
    Optional<EventTruth> truth = folder.map(f -> new EventTruth());
    OrderProducer.Target target =
        new OrderProducer.Target(
            arguments.text(SERVERS), arguments.text(TOPIC), partitions.orElseThrow(), client);
    OrderProducer producer =
        new OrderProducer(target, options.orElseThrow(), rate.orElseThrow(), truth);
    OrderProducer.Produced produced = produce(producer, console);
    if (truth.isPresent()) {
      truth.get().write(folder.orElseThrow());
    }
    report(arguments, console, options.orElseThrow(), produced);
    return ExitCode.DONE;
  }

  private static OrderProducer.Produced produce(OrderProducer producer, Console console)
      throws InterruptedException {
    try (StopSignal signal = StopSignal.listen()) {
      return producer.produce(
          sent -> console.progress("produce", number(sent) + " events sent"), signal::raised);
    } catch (IllegalStateException e) {
      throw new LakeException(
          e.getMessage(),
          "check --bootstrap-servers, the broker, and the topic's other writers",
          e);
    }
  }

  private static void report(
      Arguments arguments, Console console, EventOptions options, OrderProducer.Produced produced) {
    double perSecond = produced.events() / Math.max(0.001, produced.duration().toMillis() / 1000.0);
    if (arguments.on(CommandSpec.JSON)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("exit_code", ExitCode.DONE);
      json.put("topic", arguments.text(TOPIC));
      json.put("partitions", produced.partitions());
      json.put("events", produced.events());
      json.put("broken", produced.broken());
      json.put("bytes", produced.bytes());
      json.put("events_per_second", Math.round(perSecond));
      json.put("start", options.start());
      json.put("truth", arguments.maybe(TRUTH).orElse(null));
      console.json(json);
      return;
    }
    console.line(
        number(produced.events())
            + " events ("
            + bytes(produced.bytes())
            + "), "
            + number(produced.broken())
            + " of them broken, sent to "
            + produced.partitions()
            + " partitions of "
            + arguments.text(TOPIC)
            + " in "
            + seconds(produced.duration())
            + " ("
            + number(Math.round(perSecond))
            + "/s)");
    console.line("same events  --seed " + options.seed() + " --start " + options.start());
    arguments.maybe(TRUTH).ifPresent(folder -> console.line("truth        " + folder));
  }

  private static Optional<EventOptions> options(
      Arguments arguments, double rate, List<Mistake> mistakes) {
    Optional<Long> count = read(arguments, COUNT, Long::valueOf, mistakes);
    Optional<Long> seed = read(arguments, SEED, Long::valueOf, mistakes);
    Optional<Double> faults = read(arguments, FAULTS, Double::valueOf, mistakes);
    Optional<EventOptions.Format> format = format(arguments, mistakes);
    Duration spacing = Duration.ofMillis(rate > 0 ? Math.max(1, (long) (1000 / rate)) : 1);
    Optional<Instant> start =
        arguments.maybe(START).isPresent()
            ? instant(arguments, mistakes)
            : Optional.of(start(count.orElse(0L), spacing, rate));
    if (!mistakes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new EventOptions(
              count.orElseThrow(),
              seed.orElseThrow(),
              faults.orElseThrow(),
              start.orElseThrow(),
              spacing,
              format.orElseThrow()));
    } catch (IllegalArgumentException e) {
      mistakes.add(new Mistake("medallion produce", e.getMessage(), "see --help"));
      return Optional.empty();
    }
  }

  /** So that the last change is of about the time of its sending. */
  private static Instant start(long count, Duration spacing, double rate) {
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
    double sending = rate > 0 ? count * 1000 / rate : 0;
    return now.minusMillis(Math.max(0, (long) (count * spacing.toMillis() - sending)));
  }

  private static Optional<Instant> instant(Arguments arguments, List<Mistake> mistakes) {
    try {
      return Optional.of(Instant.parse(arguments.text(START)));
    } catch (DateTimeParseException e) {
      mistakes.add(
          mistake(arguments, START, "it is no instant", "such as --start 2025-01-01T00:00:00Z"));
      return Optional.empty();
    }
  }

  private static Optional<EventOptions.Format> format(Arguments arguments, List<Mistake> mistakes) {
    String wanted = arguments.text(FORMAT).toUpperCase(Locale.ROOT).replace('-', '_');
    Optional<EventOptions.Format> format =
        Stream.of(EventOptions.Format.values()).filter(f -> f.name().equals(wanted)).findFirst();
    if (format.isEmpty()) {
      mistakes.add(mistake(arguments, FORMAT, "it is not known", "json, avro or avro-registry"));
    }
    return format;
  }

  private static <T> Optional<T> read(
      Arguments arguments, OptionSpec option, Function<String, T> reader, List<Mistake> mistakes) {
    try {
      return Optional.of(reader.apply(arguments.text(option)));
    } catch (NumberFormatException e) {
      mistakes.add(mistake(arguments, option, "it is not a number", "give a number"));
      return Optional.empty();
    }
  }

  private static Mistake mistake(
      Arguments arguments, OptionSpec option, String problem, String fix) {
    return new Mistake("--" + option.name() + " " + arguments.text(option), problem, fix);
  }

  private static void requireEmpty(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new LakeException(
            folder + " is not empty, and truths of two productions must not mix",
            "delete it or name another folder with --truth",
            new FileAlreadyExistsException(folder.toString()));
      }
    }
  }
}

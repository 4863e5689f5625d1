package io.medallion.jobs.cli;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Topic;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.streaming.Trigger;

/** The options by which a command reads a topic. All mistakes in them are reported at once. */
public final class TopicOptions {
  public static final OptionSpec BOOTSTRAP_SERVERS =
      Settings.KAFKA_BOOTSTRAP_SERVERS.option().orElseThrow();
  public static final OptionSpec TOPIC = Settings.KAFKA_TOPIC.option().orElseThrow();
  static final OptionSpec MAX_OFFSETS =
      OptionSpec.optional(
          "max-offsets-per-trigger", "N", "events that one batch takes at most", "1000000");
  public static final OptionSpec KAFKA_OPTION =
      OptionSpec.several(
          "kafka-option",
          "KEY=VALUE…",
          "an option of Kafka's client; a secret as KEY=${env:NAME}, which the environment holds");
  public static final OptionSpec KAFKA_PROPERTIES =
      OptionSpec.optional(
          "kafka-properties", "FILE", "a properties file with options of Kafka's client");
  static final OptionSpec ON_DATA_LOSS =
      OptionSpec.optional(
          "on-data-loss",
          "fail|record",
          "where events are gone before they landed: end, or write the range to ops.lost_offsets"
              + " and go on",
          "fail");

  public static final List<OptionSpec> ALL =
      List.of(BOOTSTRAP_SERVERS, TOPIC, MAX_OFFSETS, KAFKA_OPTION, KAFKA_PROPERTIES, ON_DATA_LOSS);

  /** Spark sets these itself, to read exactly once. */
  private static final Set<String> SPARKS_OWN =
      Set.of(
          "auto.offset.reset",
          "bootstrap.servers",
          "enable.auto.commit",
          "group.id",
          "interceptor.classes",
          "key.deserializer",
          "value.deserializer");

  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|secret|token|jaas|credential|private|keystore\\.key).*");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private final Arguments arguments;
  private final UnaryOperator<String> environment;
  private final List<Mistake> mistakes = new ArrayList<>();

  private TopicOptions(Arguments arguments, UnaryOperator<String> environment) {
    this.arguments = arguments;
    this.environment = environment;
  }

  /**
   * The topic that the options name.
   *
   * @param environment gives a variable's value, or null
   * @throws ConfigurationException with every mistake
   */
  public static TopicSource source(
      Arguments arguments, Topic topic, UnaryOperator<String> environment) {
    return new TopicOptions(arguments, environment).source(topic);
  }

  /**
   * Options of Kafka's client.
   *
   * @param environment gives a variable's value, or null
   * @param onMistakes called with what is wrong with them, if anything is
   */
  public static Map<String, String> clientOptions(
      Arguments arguments, UnaryOperator<String> environment, Consumer<List<Mistake>> onMistakes) {
    TopicOptions options = new TopicOptions(arguments, environment);
    Map<String, String> client = options.clientOptions();
    onMistakes.accept(List.copyOf(options.mistakes));
    return client;
  }

  private TopicSource source(Topic topic) {
    Optional<String> servers = arguments.maybe(BOOTSTRAP_SERVERS).filter(s -> !s.isBlank());
    if (servers.isEmpty()) {
      add(
          "--bootstrap-servers",
          "the feed is a topic's, and no broker is named",
          "such as kafka:9092");
    }
    OptionalLong limit = limit();
    Map<String, String> client = clientOptions();
    TopicSource.OnDataLoss onDataLoss =
        switch (arguments.text(ON_DATA_LOSS)) {
          case "fail" -> TopicSource.OnDataLoss.FAIL;
          case "record" -> TopicSource.OnDataLoss.RECORD;
          default -> {
            add(
                "--on-data-loss " + arguments.text(ON_DATA_LOSS),
                "it is not known",
                "fail or record");
            yield TopicSource.OnDataLoss.FAIL;
          }
        };
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return new TopicSource(
        servers.orElseThrow(),
        arguments.maybe(TOPIC).orElse(topic.name()),
        client,
        limit,
        onDataLoss);
  }

  private void add(String place, String problem, String fix) {
    mistakes.add(new Mistake(place, problem, fix));
  }

  private OptionalLong limit() {
    String text = arguments.text(MAX_OFFSETS);
    if (text.matches("[1-9]\\d{0,17}")) {
      return OptionalLong.of(Long.parseLong(text));
    }
    add("--max-offsets-per-trigger " + text, "it is no positive number", "such as 100000");
    return OptionalLong.empty();
  }

  private Map<String, String> clientOptions() {
    Map<String, String> options = new TreeMap<>();
    arguments.maybe(KAFKA_PROPERTIES).ifPresent(file -> readFile(file, options));
    for (String pair : arguments.all(KAFKA_OPTION)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        add(
            "--kafka-option " + pair,
            "it is not of the form KEY=VALUE",
            "such as security.protocol=SASL_SSL");
        continue;
      }
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      if (SECRET.matcher(key).matches() && !REFERENCE.matcher(value).find()) {
        add(
            "--kafka-option " + key,
            "it holds a secret, which everybody on this machine can read in the list of processes",
            "put it into an environment variable and write "
                + key
                + "=${env:NAME}, or into the file"
                + " of --kafka-properties");
        continue;
      }
      put(options, "--kafka-option " + key, key, value);
    }
    return options;
  }

  private void readFile(String file, Map<String, String> options) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      add(
          "--kafka-properties " + file,
          "it cannot be read: " + e.getMessage(),
          "name another file");
      return;
    }
    properties
        .stringPropertyNames()
        .forEach(key -> put(options, file + ": " + key, key, properties.getProperty(key)));
  }

  private void put(Map<String, String> options, String place, String key, String value) {
    if (key.startsWith("kafka.")) {
      add(place, "Kafka's client has no such option", "write it without `kafka.`");
    } else if (SPARKS_OWN.contains(key)) {
      add(
          place,
          "it cannot be set: events are read exactly once by Spark's own means",
          key.equals("bootstrap.servers") ? "use --bootstrap-servers" : "remove it");
    } else {
      options.put(key, resolved(place, value));
    }
  }

  private String resolved(String place, String value) {
    Matcher matcher = REFERENCE.matcher(value);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String variable = environment.apply(matcher.group(1));
      if (variable == null) {
        add(place, "the environment has no variable " + matcher.group(1), "set it");
        variable = "";
      }
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(variable));
    }
    return matcher.appendTail(resolved).toString();
  }

  /**
   * How often a stream looks for something new.
   *
   * @param option with {@code once}, or a duration such as {@code 500ms}, {@code 10s} or {@code 1m}
   * @throws ConfigurationException where it is neither
   */
  public static Trigger trigger(Arguments arguments, OptionSpec option) {
    if (arguments.text(option).equals("once")) {
      return Trigger.AvailableNow();
    }
    return every(arguments, option, "once, or such as 10s");
  }

  /**
   * @throws ConfigurationException where the option's value is no duration
   */
  public static Trigger every(Arguments arguments, OptionSpec option, String fix) {
    return Trigger.ProcessingTime(duration(arguments, option, fix).toMillis());
  }

  /**
   * @throws ConfigurationException where the option's value is no duration
   */
  public static Duration duration(Arguments arguments, OptionSpec option, String fix) {
    String text = arguments.text(option);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigurationException(
          new Mistake("--" + option.name() + " " + text, "it is no duration", fix));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}

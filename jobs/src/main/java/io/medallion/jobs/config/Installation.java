package io.medallion.jobs.config;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * The effective value of every setting, and its source.
 *
 * <p>Precedence: option, environment, profile, default; the first that sets a value wins. Options
 * are those of the command and, for Spark and S3, {@code --conf} and the user's own properties
 * file. The environment sets a key by {@link Setting#variable()}.
 */
public final class Installation {
  /**
   * Names, separated by blanks, the Spark settings that the user made; the launcher sets it.
   * Without it every setting that Spark has is the user's.
   */
  static final String USERS_SPARK_SETTINGS = "medallion.spark.given";

  private static final String VARIABLES = "MEDALLION_";
  private static final Set<String> OF_THE_LAUNCHER = Set.of("MEDALLION_CLASS_ARCHIVE");

  /** Kubernetes gives them to every container beside a service that is called medallion. */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile("MEDALLION(_[A-Z0-9_]+)?_(SERVICE_(HOST|PORT.*)|PORT(_[0-9]+_.*)?)");

  /**
   * A setting and its effective value.
   *
   * @param key of Medallion or of Spark
   * @param value absent where nothing is set
   */
  public record Effective(
      String key, Optional<String> value, SettingSource source, Setting.Visibility shown) {
    /** The value, or stars in its place. */
    public Optional<String> masked() {
      return shown == Setting.Visibility.SECRET ? value.map(v -> "****") : value;
    }
  }

  /** Nothing but defaults. */
  public static final Installation DEFAULTS = new Installation(Map.of(), Map.of(), Set.of());

  private final Map<Setting, Effective> settings;
  private final Map<String, Effective> spark;
  private final Set<String> usersOfSpark;

  private Installation(
      Map<Setting, Effective> settings, Map<String, Effective> spark, Set<String> usersOfSpark) {
    this.settings = settings;
    this.spark = spark;
    this.usersOfSpark = usersOfSpark;
  }

  /**
   * Determines the effective value of every setting.
   *
   * @param given the value that the command line gives an option; absent where it gives none
   * @param conf what Spark is started with
   * @throws ConfigurationException with all mistakes in environment and profile
   */
  public static Installation of(
      Function<OptionSpec, Optional<String>> given,
      Map<String, String> environment,
      Map<String, String> conf) {
    List<Mistake> mistakes = new ArrayList<>(unknownVariables(environment));
    Set<String> users = usersOfSpark(conf);
    Settling settling = new Settling(given, environment, conf, users, mistakes);
    Profile profile = settling.profile();
    Map<Setting, Effective> settings = new LinkedHashMap<>();
    for (Setting setting : Settings.ALL) {
      settings.put(setting, settling.settle(setting, profile));
    }
    Map<String, Effective> spark = new LinkedHashMap<>();
    for (Map.Entry<String, Located<String>> entry : profile.spark().entrySet()) {
      String key = entry.getKey();
      if (!users.contains(key)) {
        Profile.resolve(entry.getValue(), environment, mistakes)
            .ifPresent(
                value ->
                    spark.put(
                        key, ofSpark(key, value, SettingSource.profile(entry.getValue().at()))));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes.stream().distinct().toList());
    }
    // A key of Medallion's takes precedence over a key of Spark's in the same profile.
    for (Effective effective : followUps(settings)) {
      if (!users.contains(effective.key())) {
        spark.put(effective.key(), effective);
      }
    }
    return new Installation(
        Collections.unmodifiableMap(settings), Collections.unmodifiableMap(spark), users);
  }

  private static List<Effective> followUps(Map<Setting, Effective> settings) {
    List<Effective> followUps = new ArrayList<>();
    settings.forEach(
        (setting, effective) ->
            effective
                .value()
                .ifPresent(
                    value ->
                        setting
                            .spark()
                            .forEach(
                                target ->
                                    followUps.add(
                                        ofSpark(
                                            target.key(),
                                            target.value(value),
                                            effective.source())))));
    return followUps;
  }

  private static Effective ofSpark(String key, String value, SettingSource source) {
    return new Effective(
        key,
        Optional.of(value),
        source,
        SparkDefaults.isSecret(key) ? Setting.Visibility.SECRET : Setting.Visibility.SHOWN);
  }

  private static Set<String> usersOfSpark(Map<String, String> conf) {
    String given = System.getProperty(USERS_SPARK_SETTINGS);
    return given == null
        ? Set.copyOf(conf.keySet())
        : new TreeSet<>(List.of(given.strip().split("\\s+")));
  }

  private static List<Mistake> unknownVariables(Map<String, String> environment) {
    List<String> known = Settings.ALL.stream().map(Setting::variable).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith(VARIABLES))
        .filter(name -> !known.contains(name) && !OF_THE_LAUNCHER.contains(name))
        .filter(name -> !OF_KUBERNETES.matcher(name).matches())
        .sorted()
        .map(
            name ->
                new Mistake(
                    "environment variable " + name,
                    "there is no such setting",
                    NearestName.fix(name, known, "unset it")))
        .toList();
  }

  /** The value of the setting that the option sets; absent where it is the command's own option. */
  public Optional<String> value(OptionSpec option) {
    return Settings.of(option).flatMap(this::value);
  }

  public Optional<String> value(Setting setting) {
    Effective effective = settings.get(setting);
    return effective == null ? setting.defaultValue() : effective.value();
  }

  public SettingSource source(Setting setting) {
    Effective effective = settings.get(setting);
    return effective == null ? SettingSource.DEFAULT : effective.source();
  }

  /** Every setting of Medallion's, in the order of the reference. */
  public List<Effective> all() {
    return List.copyOf(settings.values());
  }

  /** Adds to what Spark was started with; what its user set stays. */
  public SparkConf applyTo(SparkConf conf) {
    sparkSettings().forEach(conf::set);
    return conf;
  }

  /** What is added to the settings that Spark was started with. */
  public Map<String, String> sparkSettings() {
    Map<String, String> values = new LinkedHashMap<>();
    spark.forEach((key, effective) -> values.put(key, effective.value().orElseThrow()));
    return values;
  }

  /** The settings that this JVM was started with for Spark, without a class of Spark's. */
  public static Map<String, String> sparkOfThisJvm() {
    Map<String, String> values = new LinkedHashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(
            key -> {
              if (key.startsWith("spark.")) {
                values.put(key, System.getProperty(key));
              }
            });
    return values;
  }

  /**
   * Every setting of a session.
   *
   * @param conf as it is when all is applied
   */
  public List<Effective> ofSession(SparkConf conf) {
    Map<String, String> values = new LinkedHashMap<>();
    Arrays.stream(conf.getAll()).forEach(entry -> values.put(entry._1(), entry._2()));
    SparkDefaults.FIXED.forEach(fixed -> values.put(fixed.key(), fixed.value()));
    return new TreeSet<>(values.keySet())
        .stream()
            .filter(key -> !SparkDefaults.isOfTheCall(key) && !values.get(key).isBlank())
            .map(key -> ofSpark(key, values.get(key), sourceInSpark(key)))
            .toList();
  }

  private SettingSource sourceInSpark(String key) {
    if (SparkDefaults.isFixed(key)) {
      return SettingSource.DEFAULT;
    }
    if (usersOfSpark.contains(key)) {
      return SettingSource.option("--conf or properties file");
    }
    return Optional.ofNullable(spark.get(key)).map(Effective::source).orElse(SettingSource.DEFAULT);
  }

  /** Determines the effective value of one setting after the other. */
  private record Settling(
      Function<OptionSpec, Optional<String>> given,
      Map<String, String> environment,
      Map<String, String> conf,
      Set<String> usersOfSpark,
      List<Mistake> mistakes) {

    /** The chosen profile; the empty one where none is. */
    Profile profile() {
      Effective chosen = settle(Settings.PROFILE, Profile.NONE);
      if (chosen.value().isEmpty()) {
        return Profile.NONE;
      }
      Mistakes found = new Mistakes();
      Optional<String> config = settle(Settings.CONFIG, Profile.NONE).value();
      Profile profile = Profile.NONE;
      try {
        profile =
            ProfileFiles.of(config).read(chosen.value().get(), chosen.source().place(), found);
      } catch (ConfigurationException e) {
        mistakes.addAll(e.mistakes());
      }
      mistakes.addAll(found.inOrder());
      return profile;
    }

    Effective settle(Setting setting, Profile profile) {
      Optional<String> option = setting.option().flatMap(given);
      if (option.isPresent()) {
        return effective(
            setting, option, SettingSource.option("--" + setting.option().orElseThrow().name()));
      }
      Optional<String> sparkKey =
          setting.spark().stream()
              .filter(target -> target.constant().isEmpty())
              .map(Setting.SparkTarget::key)
              .filter(key -> usersOfSpark.contains(key) && conf.containsKey(key))
              .findFirst();
      if (sparkKey.isPresent()) {
        return effective(
            setting,
            Optional.of(conf.get(sparkKey.get())),
            SettingSource.option("--conf " + sparkKey.get()));
      }
      Optional<String> variable =
          Optional.ofNullable(environment.get(setting.variable())).filter(v -> !v.isEmpty());
      if (variable.isPresent()) {
        return checked(setting, variable, SettingSource.environment(setting.variable()));
      }
      Optional<Located<String>> written = Optional.ofNullable(profile.settings().get(setting));
      if (written.isPresent()) {
        return checked(
            setting,
            Profile.resolve(written.get(), environment, mistakes),
            SettingSource.profile(written.get().at()));
      }
      return effective(setting, setting.defaultValue(), SettingSource.DEFAULT);
    }

    private Effective checked(Setting setting, Optional<String> value, SettingSource source) {
      value
          .flatMap(setting.type()::problem)
          .ifPresent(
              problem ->
                  mistakes.add(
                      new Mistake(
                          source.place(),
                          "`%s`%s %s"
                              .formatted(
                                  setting.key(),
                                  setting.isSecret() ? "" : ": '" + value.get() + "'",
                                  problem),
                          setting.type().fix())));
      return effective(setting, value, source);
    }

    private static Effective effective(
        Setting setting, Optional<String> value, SettingSource source) {
      return new Effective(setting.key(), value, source, setting.visibility());
    }
  }
}

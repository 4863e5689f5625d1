package io.medallion.jobs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting of an installation: the one place that defines its key, type, default and meaning.
 *
 * @param key as a profile writes it: lower-case words with dots between
 * @param unit of the value; blank where it has none
 * @param defaultValue absent where the setting has no value unless it is set
 * @param visibility whether its value may be shown
 * @param option the option of the commands that sets it; absent where none does
 * @param spark what it sets in Spark
 */
public record Setting(
    String key,
    ValueType type,
    String unit,
    Optional<String> defaultValue,
    String description,
    Visibility visibility,
    Optional<OptionSpec> option,
    List<SparkTarget> spark) {

  /** Whether a value may be shown. */
  enum Visibility {
    SHOWN,
    SECRET
  }

  /**
   * A setting of Spark that follows from one of Medallion's.
   *
   * @param constant its value where that is always the same; absent where it is the setting's own
   */
  public record SparkTarget(String key, Optional<String> constant) {
    String value(String settingValue) {
      return constant.orElse(settingValue);
    }
  }

  public Setting {
    spark = List.copyOf(spark);
    if (!key.matches("[a-z0-9]+(\\.[a-z0-9]+)*")) {
      throw new IllegalArgumentException("no key: " + key);
    }
    if (visibility == Visibility.SECRET && (option.isPresent() || defaultValue.isPresent())) {
      throw new IllegalArgumentException("a secret on a command line or in a page: " + key);
    }
    defaultValue
        .flatMap(type::problem)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("the default of " + key + " " + problem);
            });
  }

  static Setting of(String key, ValueType type, String description) {
    return new Setting(
        key,
        type,
        "",
        Optional.empty(),
        description,
        Visibility.SHOWN,
        Optional.empty(),
        List.of());
  }

  Setting withDefault(String value) {
    return new Setting(key, type, unit, Optional.of(value), description, visibility, option, spark);
  }

  Setting in(String valueUnit) {
    return new Setting(key, type, valueUnit, defaultValue, description, visibility, option, spark);
  }

  /** Its value is never shown, and a profile may only refer to it. */
  Setting secret() {
    return new Setting(
        key, type, unit, defaultValue, description, Visibility.SECRET, option, spark);
  }

  /** The commands' option {@code --name} sets it. Comes after {@link #withDefault}. */
  Setting byOption(String name, String valueName) {
    OptionSpec spec =
        new OptionSpec(name, valueName, description, defaultValue, OptionSpec.Kind.OPTIONAL);
    return new Setting(
        key, type, unit, defaultValue, description, visibility, Optional.of(spec), spark);
  }

  /** It sets {@code sparkKey} to its own value. */
  Setting toSpark(String sparkKey) {
    return toSpark(new SparkTarget(sparkKey, Optional.empty()));
  }

  /** Where it is set, {@code sparkKey} is {@code constant}. */
  Setting toSpark(String sparkKey, String constant) {
    return toSpark(new SparkTarget(sparkKey, Optional.of(constant)));
  }

  private Setting toSpark(SparkTarget target) {
    List<SparkTarget> targets = new ArrayList<>(spark);
    targets.add(target);
    return new Setting(key, type, unit, defaultValue, description, visibility, option, targets);
  }

  /** The environment variable that sets it. */
  public String variable() {
    return "MEDALLION_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  public boolean isSecret() {
    return visibility == Visibility.SECRET;
  }
}

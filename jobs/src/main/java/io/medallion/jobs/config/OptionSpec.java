package io.medallion.jobs.config;

import java.util.Optional;

/**
 * An option of a command.
 *
 * @param name without the dashes
 * @param valueName the placeholder of its value in {@code --help}; blank for a switch
 * @param text what it does
 * @param defaultValue its value where it is not given
 * @param kind how often it may or must be given
 */
public record OptionSpec(
    String name, String valueName, String text, Optional<String> defaultValue, Kind kind) {

  public enum Kind {
    SWITCH,
    OPTIONAL,
    REQUIRED,
    REPEATED,
    SEVERAL
  }

  public static OptionSpec toggle(String name, String text) {
    return new OptionSpec(name, "", text, Optional.empty(), Kind.SWITCH);
  }

  public static OptionSpec optional(String name, String valueName, String text) {
    return new OptionSpec(name, valueName, text, Optional.empty(), Kind.OPTIONAL);
  }

  public static OptionSpec optional(
      String name, String valueName, String text, String defaultValue) {
    return new OptionSpec(name, valueName, text, Optional.of(defaultValue), Kind.OPTIONAL);
  }

  public static OptionSpec required(String name, String valueName, String text) {
    return new OptionSpec(name, valueName, text, Optional.empty(), Kind.REQUIRED);
  }

  /** May be given several times, and takes several values at once; or not at all. */
  public static OptionSpec several(String name, String valueName, String text) {
    return new OptionSpec(name, valueName, text, Optional.empty(), Kind.SEVERAL);
  }

  /** May be given several times, and takes several values at once. At least one must be given. */
  public static OptionSpec repeated(String name, String valueName, String text) {
    return new OptionSpec(name, valueName, text, Optional.empty(), Kind.REPEATED);
  }
}

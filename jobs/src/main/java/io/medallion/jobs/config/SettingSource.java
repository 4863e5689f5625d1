package io.medallion.jobs.config;

import io.medallion.core.yaml.Location;
import java.util.Locale;

/**
 * Where the value of a setting comes from.
 *
 * @param place the option, the variable, or the line of the profile; blank for a default
 */
public record SettingSource(Level level, String place) {
  /** In order of precedence: the first that sets a value wins. */
  public enum Level {
    OPTION,
    ENVIRONMENT,
    PROFILE,
    DEFAULT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final SettingSource DEFAULT = new SettingSource(Level.DEFAULT, "");

  static SettingSource option(String option) {
    return new SettingSource(Level.OPTION, option);
  }

  static SettingSource environment(String variable) {
    return new SettingSource(Level.ENVIRONMENT, variable);
  }

  static SettingSource profile(Location at) {
    return new SettingSource(Level.PROFILE, at.toString());
  }

  @Override
  public String toString() {
    return place.isEmpty() ? level.label() : level.label() + " " + place;
  }
}

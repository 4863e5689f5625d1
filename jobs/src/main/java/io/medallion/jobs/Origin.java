package io.medallion.jobs;

import io.medallion.core.yaml.Location;
import java.util.Locale;

/**
 * Where the value of a setting comes from.
 *
 * @param place the option, the variable, or the line of the profile; blank for a default
 */
record Origin(Level level, String place) {
  /** In order of rank: the first that says something holds. */
  enum Level {
    OPTION,
    ENVIRONMENT,
    PROFILE,
    DEFAULT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Origin DEFAULT = new Origin(Level.DEFAULT, "");

  static Origin option(String option) {
    return new Origin(Level.OPTION, option);
  }

  static Origin environment(String variable) {
    return new Origin(Level.ENVIRONMENT, variable);
  }

  static Origin profile(Location at) {
    return new Origin(Level.PROFILE, at.toString());
  }

  @Override
  public String toString() {
    return place.isEmpty() ? level.label() : level.label() + " " + place;
  }
}

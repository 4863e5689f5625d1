package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;

/** How many rows a command prints. */
public final class Limits {
  private Limits() {}

  /**
   * Reads {@code --limit}; 0 means all.
   *
   * @throws ConfigurationException where it is no whole number of at least 0
   */
  public static int rows(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 0) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
      }
    } catch (NumberFormatException e) {
      // Told below, with the negative ones.
    }
    throw new ConfigurationException(
        new Mistake(
            "--limit " + text, "it is not a whole number of at least 0", "such as --limit 100"));
  }
}

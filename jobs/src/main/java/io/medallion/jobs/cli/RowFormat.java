package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.util.Arrays;
import java.util.Locale;

/** How rows are printed. */
public enum RowFormat {
  /** Aligned columns for people. */
  TABLE,
  /** RFC 4180, with a header; NULL is an empty field. */
  CSV,
  /** The same, in which a spreadsheet takes no text for a formula. */
  EXCEL_SAFE_CSV,
  /** One JSON object a line. */
  JSON;

  /**
   * Reads {@code --format}.
   *
   * @throws ConfigurationException where there is no such format
   */
  public static RowFormat of(String name) {
    return Arrays.stream(values())
        .filter(format -> format != EXCEL_SAFE_CSV)
        .filter(format -> format.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    new Mistake(
                        "--format " + name, "there is no such format", "table, csv or json")));
  }
}

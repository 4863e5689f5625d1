package io.medallion.jobs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of warehouses. */
public enum WarehouseKind {
  DUCKDB,
  SNOWFLAKE,
  NONE;

  public String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The words that name a kind, as options and settings have them. */
  static List<String> words() {
    return Arrays.stream(values()).map(WarehouseKind::option).toList();
  }
}

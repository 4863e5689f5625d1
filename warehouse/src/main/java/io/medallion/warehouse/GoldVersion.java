package io.medallion.warehouse;

/**
 * A version of one Delta table.
 *
 * @param tableId Delta's id of the table: another lake's table of the same name has another
 * @param version 0 or more
 */
public record GoldVersion(String tableId, long version) {
  public GoldVersion {
    if (tableId.isBlank() || version < 0) {
      throw new IllegalArgumentException("not a version of a table: " + tableId + " " + version);
    }
  }
}

package io.medallion.gold.table;

/**
 * What one build did to one table.
 *
 * @param table its name in gold
 * @param inserted rows that came
 * @param updated rows that changed
 * @param deleted rows that went
 * @param version the table's version afterwards
 */
public record TableChange(String table, long inserted, long updated, long deleted, long version) {

  /** Rows inserted, updated or deleted. */
  public long rows() {
    return inserted + updated + deleted;
  }
}

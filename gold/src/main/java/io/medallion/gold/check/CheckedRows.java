package io.medallion.gold.check;

import io.medallion.core.rows.RowImage;
import io.medallion.gold.dimension.DimensionRows;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * What an update that was computed in the driver's memory knows of the tables that checks name.
 *
 * @param tables the rows that came and went, by qualified name, of every table of the star and its
 *     source
 * @param rowCounts rows that tables have afterwards, by qualified name, where the update knows
 * @param dimensions by qualified name
 * @param grains the keys of fact tables, by qualified name, of which the update looked up all that
 *     came and found none twice
 * @param uniqueSurrogates dimensions, by qualified name, whose new surrogate keys were looked up in
 *     the table and not found
 * @param dangling fact tables, by qualified name, some row of which refers to a version that went
 * @param calendar the calendar's qualified name and key column, and the years that it covers
 */
public record CheckedRows(
    Map<String, Changed> tables,
    Map<String, Long> rowCounts,
    Map<String, DimensionRows> dimensions,
    Map<String, List<String>> grains,
    Set<String> uniqueSurrogates,
    Set<String> dangling,
    Calendar calendar) {

  /** Rows of one table that came and went. */
  public record Changed(StructType schema, List<RowImage> images) {}

  /** The calendar; an empty name where the star has none. */
  public record Calendar(String table, String keyColumn, Set<Integer> years) {}

  boolean isUnchanged(String table) {
    Changed changed = tables.get(table);
    return changed != null && changed.images().isEmpty();
  }
}

package io.medallion.core.rows;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * How a row came to look, or ceased to look, in a span of versions of its table.
 *
 * @param row in Spark's internal form, with the table's columns
 * @param count +1 where it came to look so, -1 where it ceased to
 * @param version the version that brought this
 */
public record RowImage(InternalRow row, int count, long version) {
  public RowImage {
    if (count != 1 && count != -1) {
      throw new IllegalArgumentException("an image counts +1 or -1, not " + count);
    }
  }

  /** Whether the row came to look so. */
  public boolean came() {
    return count > 0;
  }
}

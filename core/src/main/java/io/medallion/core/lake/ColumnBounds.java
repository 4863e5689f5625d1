package io.medallion.core.lake;

import static java.util.Objects.requireNonNull;

/**
 * The values of a column that matter to a reader: files that hold none of them need not be read.
 *
 * @param least the least of them, both included
 * @param most the greatest, of the same type; neither is null
 */
public record ColumnBounds(String column, Object least, Object most) {
  public ColumnBounds {
    requireNonNull(column, "column");
    requireNonNull(least, "least");
    requireNonNull(most, "most");
  }
}

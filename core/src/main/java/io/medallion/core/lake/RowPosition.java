package io.medallion.core.lake;

import static java.util.Objects.requireNonNull;

/**
 * Where a table keeps a row: data files never change, so that a position means one row for as long
 * as the file is part of the table.
 *
 * @param fileName name of the data file without its folder: Spark's {@code _metadata.file_name}
 * @param index number of the row in it, from 0, deleted rows counted: {@code _metadata.row_index}
 */
public record RowPosition(String fileName, long index) {
  public RowPosition {
    requireNonNull(fileName, "fileName");
    if (fileName.isBlank() || fileName.contains("/")) {
      throw new IllegalArgumentException("'" + fileName + "' is not the name of a data file");
    }
    if (index < 0) {
      throw new IllegalArgumentException("a file has no row " + index);
    }
  }
}

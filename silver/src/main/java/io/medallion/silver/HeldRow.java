package io.medallion.silver;

import io.medallion.core.lake.RowPosition;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * What silver holds of a business key: a row of the table, or, where it has none, the key's latest
 * delete.
 *
 * @param position of the row in the table; empty for a delete
 * @param row in the columns of its own table
 */
record HeldRow(Optional<RowPosition> position, Row row) {}

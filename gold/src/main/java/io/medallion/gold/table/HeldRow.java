package io.medallion.gold.table;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.RowChange;
import io.medallion.core.lake.RowPosition;
import io.medallion.core.rows.ExternalRows;
import io.medallion.core.rows.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * A row that a table holds, in the driver's memory.
 *
 * @param row in Spark's internal form; its first columns are the table's
 */
public record HeldRow(InternalRow row, RowPosition position) {

  /** The query of which {@link #of} takes the rows, for a condition over the table's columns. */
  public static Dataset<Row> query(LakeTable table, StructType schema, Column condition) {
    List<Column> columns = new ArrayList<>();
    Arrays.stream(schema.fieldNames()).forEach(name -> columns.add(col("`" + name + "`")));
    columns.add(col(LakeTable.FILE_NAME));
    columns.add(col(LakeTable.ROW_INDEX));
    return table.rowsWithPositions().where(condition).select(columns.toArray(Column[]::new));
  }

  /** Takes a row of {@link #query}. */
  public static HeldRow of(InternalRow row, StructType schema) {
    int width = schema.length();
    return new HeldRow(
        row, new RowPosition(row.getUTF8String(width).toString(), row.getLong(width + 1)));
  }

  /** Whether both rows have the same values in the table's columns. */
  public boolean sameAs(InternalRow other, StructType schema) {
    for (int i = 0; i < schema.length(); i++) {
      if (!Values.same(row, other, schema, i)) {
        return false;
      }
    }
    return true;
  }

  /** The change that lets another row take this one's place. */
  public RowChange updatedTo(InternalRow after, StructType schema) {
    return new RowChange.Updated(
        position, ExternalRows.of(row, schema), ExternalRows.of(after, schema));
  }

  /** The change that removes this row. */
  public RowChange deleted(StructType schema) {
    return new RowChange.Deleted(position, ExternalRows.of(row, schema));
  }

  /** The change that inserts a row. */
  public static RowChange inserted(InternalRow after, StructType schema) {
    return new RowChange.Inserted(ExternalRows.of(after, schema));
  }
}

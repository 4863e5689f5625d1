package io.medallion.warehouse;

import io.medallion.core.rows.RowImage;
import io.medallion.core.rows.Values;
import io.medallion.warehouse.layout.TargetTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Computes the {@link NetChange} of rows in memory, by the same rule as Spark does of many. */
final class ImageFold {
  private static final InternalRow INSERT = operation("insert");
  private static final InternalRow UPDATE = operation("update");
  private static final InternalRow DELETE = operation("delete");

  private final StructType schema;
  private final Map<List<Object>, Ends> ends = new LinkedHashMap<>();
  private final List<InternalRow> rows = new ArrayList<>();
  private long inserted;
  private long updated;
  private long deleted;

  private ImageFold(TargetTable table) {
    this.schema = table.layout();
  }

  /**
   * Computes it.
   *
   * @param images in any order; their rows have the table's columns first, in its order
   */
  static NetChange of(TargetTable table, List<RowImage> images) {
    ImageFold fold = new ImageFold(table);
    int[] key = table.primaryKey().stream().mapToInt(fold.schema::fieldIndex).toArray();
    for (RowImage image : images) {
      fold.ends.computeIfAbsent(fold.key(key, image.row()), k -> new Ends()).take(image);
    }
    fold.ends.values().forEach(fold::add);
    StructType rows = new StructType().add(TableLoad.OPERATION, DataTypes.StringType, false);
    for (StructField column : fold.schema.fields()) {
      rows = rows.add(column);
    }
    return new NetChange(
        new LoadRows.Collected(rows, fold.rows), fold.inserted, fold.updated, fold.deleted);
  }

  private static InternalRow operation(String name) {
    return new GenericInternalRow(new Object[] {UTF8String.fromString(name)});
  }

  private List<Object> key(int[] columns, InternalRow row) {
    List<Object> key = new ArrayList<>(columns.length);
    for (int column : columns) {
      key.addAll(Values.of(row, schema, column, column + 1));
    }
    return key;
  }

  private void add(Ends key) {
    boolean was = key.gone != null && key.gone.version() == key.first;
    boolean is = key.come != null && key.come.version() == key.last;
    if (was && is && same(key.gone.row(), key.come.row())) {
      return;
    }
    if (was && is) {
      updated++;
      rows.add(new JoinedRow(UPDATE, key.come.row()));
    } else if (is) {
      inserted++;
      rows.add(new JoinedRow(INSERT, key.come.row()));
    } else if (was) {
      deleted++;
      rows.add(new JoinedRow(DELETE, key.gone.row()));
    }
  }

  private boolean same(InternalRow before, InternalRow after) {
    return IntStream.range(0, schema.length())
        .allMatch(column -> Values.same(before, after, schema, column));
  }

  /** The first image of a key that went and the last one that came, and all versions' bounds. */
  private static final class Ends {
    private RowImage gone;
    private RowImage come;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    void take(RowImage image) {
      first = Math.min(first, image.version());
      last = Math.max(last, image.version());
      if (image.came() && (come == null || image.version() > come.version())) {
        come = image;
      } else if (!image.came() && (gone == null || image.version() < gone.version())) {
        gone = image;
      }
    }
  }
}

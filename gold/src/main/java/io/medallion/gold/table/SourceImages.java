package io.medallion.gold.table;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.rows.RowImage;
import io.medallion.core.rows.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Row changes of the source between two of its versions, in the driver's memory.
 *
 * @param schema the source's columns
 * @param sourceKey the positions of its business key in them
 */
public record SourceImages(StructType schema, List<Integer> sourceKey, List<RowImage> images) {
  private static final List<String> CAME = List.of("insert", "update_postimage");

  public SourceImages {
    sourceKey = List.copyOf(sourceKey);
    images = List.copyOf(images);
  }

  /** The query of which {@link #of} takes the rows. */
  public static Dataset<Row> query(Dataset<Row> changes, StructType schema) {
    List<Column> columns = new ArrayList<>();
    Arrays.stream(schema.fieldNames()).forEach(name -> columns.add(col("`" + name + "`")));
    columns.add(col("_change_type"));
    columns.add(col("_commit_version"));
    return changes.select(columns.toArray(Column[]::new));
  }

  /** Takes the rows of {@link #query}. */
  public static SourceImages of(
      Collection<InternalRow> rows, StructType schema, List<String> sourceKey) {
    int width = schema.length();
    List<RowImage> images = new ArrayList<>(rows.size());
    for (InternalRow row : rows) {
      boolean came = CAME.contains(row.getUTF8String(width).toString());
      images.add(new RowImage(row, came ? 1 : -1, row.getLong(width + 1)));
    }
    return new SourceImages(
        schema, sourceKey.stream().map(name -> schema.fieldIndex(name)).toList(), images);
  }

  /**
   * All rows of a source, as if each had just come.
   *
   * @param version the source's
   */
  public static SourceImages ofAll(
      Collection<InternalRow> rows, StructType schema, List<String> sourceKey, long version) {
    return new SourceImages(
        schema,
        sourceKey.stream().map(name -> schema.fieldIndex(name)).toList(),
        rows.stream().map(row -> new RowImage(row, 1, version)).toList());
  }

  /** The business key of a row. */
  public List<Object> key(InternalRow row) {
    List<Object> key = new ArrayList<>(sourceKey.size());
    sourceKey.forEach(column -> key.addAll(Values.of(row, schema, column, column + 1)));
    return key;
  }

  /**
   * A row of the source that changed.
   *
   * @param row as it is now, or last was
   * @param count +1 for a row that is new, 0 for one that changed, -1 for one that went
   * @param lives whether it is there now
   */
  public record Changed(InternalRow row, long count, boolean lives) {}

  /** The rows that changed, by business key, once each. */
  public Map<List<Object>, Changed> rows() {
    Map<List<Object>, RowImage> last = new LinkedHashMap<>();
    Map<List<Object>, Long> counts = new LinkedHashMap<>();
    for (RowImage image : images) {
      List<Object> key = key(image.row());
      counts.merge(key, (long) image.count(), Long::sum);
      // A commit that removes a row and brings it again has both images: the one that came is last.
      last.merge(
          key,
          image,
          (one, other) ->
              one.version() > other.version()
                      || one.version() == other.version() && one.count() >= other.count()
                  ? one
                  : other);
    }
    Map<List<Object>, Changed> rows = new LinkedHashMap<>();
    last.forEach(
        (key, image) -> rows.put(key, new Changed(image.row(), counts.get(key), image.came())));
    return rows;
  }
}

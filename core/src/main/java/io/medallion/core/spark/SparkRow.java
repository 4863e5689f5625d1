package io.medallion.core.spark;

import io.medallion.core.reader.LakeRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/** A row that Spark read, as one that was read without it. */
public record SparkRow(Row row, StructType schema) implements LakeRow {
  /** A row that knows its columns. */
  public SparkRow(Row row) {
    this(row, row.schema());
  }

  @Override
  public List<String> columns() {
    return List.of(schema.fieldNames());
  }

  @Override
  public Object value(String column) {
    int ordinal = columns().indexOf(column);
    return ordinal < 0 ? null : value(row.get(ordinal));
  }

  private static Object value(Object value) {
    if (value instanceof Row struct) {
      return new SparkRow(struct);
    } else if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toInstant();
    } else if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    } else if (value instanceof scala.collection.Seq<?> array) {
      List<Object> list = new ArrayList<>();
      JavaConverters.seqAsJavaList(array).forEach(element -> list.add(value(element)));
      return list;
    } else if (value instanceof List<?> array) {
      List<Object> list = new ArrayList<>();
      array.forEach(element -> list.add(value(element)));
      return list;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return value(JavaConverters.mapAsJavaMap(map));
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> values = new LinkedHashMap<>();
      map.forEach((key, element) -> values.put(value(key), value(element)));
      return values;
    }
    return value;
  }
}

package io.medallion.warehouse.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The difference between a table's columns in gold and in the warehouse.
 *
 * @param losses what a load would remove from the warehouse's table, in words; may be empty
 */
public record LayoutChange(List<String> losses) {

  /** Compares; absent where the two are equal, comments included. */
  public static Optional<LayoutChange> between(StructType loaded, StructType wanted) {
    if (loaded.json().equals(wanted.json())) {
      return Optional.empty();
    }
    List<String> losses = new ArrayList<>();
    for (StructField column : loaded.fields()) {
      Optional<StructField> now =
          Arrays.stream(wanted.fields())
              .filter(field -> field.name().equals(column.name()))
              .findFirst();
      if (now.isEmpty()) {
        losses.add("column " + column.name() + " would go");
      } else if (!holds(now.get().dataType(), column.dataType())) {
        losses.add(
            "column %s would turn from %s into %s"
                .formatted(column.name(), column.dataType().sql(), now.get().dataType().sql()));
      }
    }
    return Optional.of(new LayoutChange(List.copyOf(losses)));
  }

  /** Whether every value of {@code narrow} is one of {@code wide}. */
  private static boolean holds(DataType wide, DataType narrow) {
    if (wide instanceof DecimalType to && narrow instanceof DecimalType from) {
      return to.scale() >= from.scale()
          && to.precision() - to.scale() >= from.precision() - from.scale();
    }
    return wide.equals(narrow) || wide instanceof LongType && narrow instanceof IntegerType;
  }
}

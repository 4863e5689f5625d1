package io.medallion.gold;

import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.medallion.core.lake.LakeTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How a table of gold is laid out and filled from nothing. */
final class GoldTable {
  private static final Map<String, String> PROPERTIES =
      Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true");

  private GoldTable() {}

  /** Replaces whatever the table holds, and its columns where they are others. */
  static void overwrite(LakeTable table, StructType schema, Dataset<Row> rows) {
    if (!table.exists()) {
      table.createIfAbsent(schema, PROPERTIES);
    } else if (!layout(table.schema()).equals(layout(schema))) {
      replace(table, schema);
    }
    save(table, schema, rows, "overwrite");
  }

  static void append(LakeTable table, StructType schema, Dataset<Row> rows) {
    save(table, schema, rows, "append");
  }

  private static void save(LakeTable table, StructType schema, Dataset<Row> rows, String mode) {
    Column[] columns =
        Arrays.stream(schema.fields())
            .map(field -> col(field.name()).cast(field.dataType()))
            .toArray(Column[]::new);
    rows.select(columns).write().format("delta").mode(mode).save(table.path());
  }

  /** The number of rows at a version, from the table's log alone. */
  static long rows(LakeTable table, long version) {
    return table.read(version).count();
  }

  static StructField field(String name, DataType type, boolean nullable, String comment) {
    return new StructField(name, type, nullable, Metadata.empty()).withComment(comment);
  }

  private static void replace(LakeTable table, StructType schema) {
    DeltaTableBuilder builder = DeltaTable.createOrReplace(table.spark()).location(table.path());
    for (StructField field : schema.fields()) {
      builder =
          builder.addColumn(
              DeltaTable.columnBuilder(table.spark(), field.name())
                  .dataType(field.dataType())
                  .nullable(field.nullable())
                  .comment(field.getComment().getOrElse(() -> ""))
                  .build());
    }
    for (Map.Entry<String, String> property : PROPERTIES.entrySet()) {
      builder = builder.property(property.getKey(), property.getValue());
    }
    builder.execute();
  }

  private static List<String> layout(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(
            field ->
                String.join(
                    "\t",
                    field.name(),
                    field.dataType().sql(),
                    String.valueOf(field.nullable()),
                    field.getComment().getOrElse(() -> "")))
        .toList();
  }
}

package io.medallion.warehouse.layout;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table as a warehouse declares it.
 *
 * @param name in gold and in the warehouse: lower case letters, digits and underscores
 * @param description for the table's comment, blank where the star has none
 * @param columns in order
 * @param primaryKey columns that identify a row and are never NULL
 * @param foreignKeys references to tables that come before this one in a load
 * @param clusteringKeys columns by which queries mostly select, most significant first; may be
 *     empty
 */
public record TargetTable(
    String name,
    String description,
    List<TargetColumn> columns,
    List<String> primaryKey,
    List<ForeignKey> foreignKeys,
    List<String> clusteringKeys) {

  public TargetTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
    clusteringKeys = List.copyOf(clusteringKeys);
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("not a table name: " + name);
    }
    Set<String> names = new HashSet<>();
    for (TargetColumn column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(name + " has a second column " + column.name());
      }
    }
    if (primaryKey.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a primary key");
    }
    if (!names.containsAll(primaryKey)
        || !names.containsAll(clusteringKeys)
        || !foreignKeys.stream().allMatch(key -> names.contains(key.column()))) {
      throw new IllegalArgumentException("a key of " + name + " names no column of it");
    }
  }

  /** Names of the columns, in order. */
  public List<String> columnNames() {
    return columns.stream().map(TargetColumn::name).toList();
  }

  /** The columns as Spark's schema, which the control tables store as JSON. */
  public StructType layout() {
    StructType layout = new StructType();
    for (TargetColumn column : columns) {
      layout =
          layout.add(
              new StructField(column.name(), column.type(), column.nullable(), Metadata.empty())
                  .withComment(column.comment()));
    }
    return layout;
  }
}

package io.medallion.warehouse.layout;

import org.apache.spark.sql.types.DataType;

/**
 * A column of a warehouse table.
 *
 * @param name as in gold: lower case letters, digits and underscores, possibly a leading underscore
 * @param type Spark's type; the warehouse has its own that holds every value of it exactly
 * @param nullable whether NULL is allowed
 * @param comment from contract and star, blank where they have none
 */
public record TargetColumn(String name, DataType type, boolean nullable, String comment) {
  public TargetColumn {
    if (!name.matches("_?[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("not a column name: " + name);
    }
  }
}

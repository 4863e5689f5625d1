package io.medallion.warehouse.jdbc;

import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/**
 * The types of a database that hold every value of Spark's exactly. Instants are kept in UTC.
 *
 * @param warehouse the database, for messages
 * @param decimal its exact number, which precision and scale follow
 * @param others all other types that are meant
 */
public record ColumnTypes(String warehouse, String decimal, Map<DataType, String> others) {
  public ColumnTypes {
    others = Map.copyOf(others);
  }

  /**
   * The type for one of Spark's.
   *
   * @throws IllegalArgumentException where there is none
   */
  public String of(DataType type) {
    if (type instanceof DecimalType number) {
      return decimal + "(" + number.precision() + "," + number.scale() + ")";
    }
    if (!others.containsKey(type)) {
      throw new IllegalArgumentException("no type of " + warehouse + " is meant for " + type.sql());
    }
    return others.get(type);
  }
}

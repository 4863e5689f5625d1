package io.medallion.warehouse;

import org.apache.spark.sql.types.StructType;

/**
 * What a warehouse holds of one table, by its own books ({@code medallion_tables}).
 *
 * @param table its name, in gold and in the warehouse
 * @param holds the version of gold
 * @param layout columns with types, nullability and comments, as Spark's schema; kept as its JSON
 */
public record TableState(String table, GoldVersion holds, StructType layout) {}

package io.medallion.warehouse;

import org.apache.spark.sql.types.StructType;

/**
 * The version of one table in a warehouse, as its control table {@code medallion_tables} records
 * it.
 *
 * @param table its name, in gold and in the warehouse
 * @param version the version of gold that was loaded
 * @param layout columns with types, nullability and comments, as Spark's schema; kept as its JSON
 */
public record TableState(String table, GoldVersion version, StructType layout) {}

/**
 * The warehouse in Snowflake: rows go through its Spark connector into tables of the load's own,
 * and one JDBC transaction takes them over together with the books.
 */
package io.medallion.warehouse.snowflake;

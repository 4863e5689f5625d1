/**
 * What the warehouses that are reached by JDBC have in common: the books, and changes that count
 * what they do. It knows neither DuckDB nor Snowflake.
 */
package io.medallion.warehouse.jdbc;

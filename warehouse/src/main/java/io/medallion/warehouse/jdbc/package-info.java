/**
 * Statements that all warehouses with a JDBC driver share: the control tables, and changes of the
 * star's tables that are counted. It knows neither DuckDB nor Snowflake.
 *
 * <p>Uses: {@code core}, {@code core.ledger}, {@code warehouse}, {@code warehouse.layout}.
 */
package io.medallion.warehouse.jdbc;

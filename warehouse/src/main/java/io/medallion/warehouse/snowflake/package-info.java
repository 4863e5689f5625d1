/**
 * Loads stars into Snowflake. Its Spark connector writes rows into temporary tables of the load,
 * and one JDBC transaction merges them and updates the control tables.
 *
 * <p>Uses: {@code core}, {@code core.yaml}, {@code warehouse}, {@code warehouse.jdbc}, {@code
 * warehouse.layout}.
 */
package io.medallion.warehouse.snowflake;

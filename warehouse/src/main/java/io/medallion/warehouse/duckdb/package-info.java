/**
 * Loads stars into one DuckDB file. Readers always see a complete file: a load changes a copy and
 * renames it into place.
 *
 * <p>Uses: {@code core}, {@code core.lake}, {@code warehouse}, {@code warehouse.jdbc}, {@code
 * warehouse.layout}.
 */
package io.medallion.warehouse.duckdb;

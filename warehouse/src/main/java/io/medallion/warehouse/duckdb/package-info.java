/**
 * The warehouse as one DuckDB file. Readers always see a finished file: a load works on a copy and
 * renames it into place.
 */
package io.medallion.warehouse.duckdb;

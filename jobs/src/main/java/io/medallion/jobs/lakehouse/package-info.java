/**
 * The session, lake and configuration of a command, the chosen warehouse, and locks between
 * writers.
 *
 * <p>Uses: {@code bronze}, {@code bronze.topic}, {@code core}, {@code core.contract}, {@code
 * core.lake}, {@code core.ledger}, {@code core.reader}, {@code core.s3}, {@code gold.build}, {@code
 * gold.check}, {@code gold.star}, {@code jobs.cli}, {@code jobs.config}, {@code silver}, {@code
 * warehouse}, {@code warehouse.duckdb}, {@code warehouse.snowflake}.
 */
package io.medallion.jobs.lakehouse;

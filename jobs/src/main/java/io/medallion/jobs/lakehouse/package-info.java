/**
 * The session, lake and configuration of a command, the chosen warehouse, and locks between
 * writers.
 *
 * <p>Uses: bronze, bronze.topic, core, core.contract, core.lake, core.ledger, core.s3, gold.build,
 * gold.star, jobs.cli, jobs.config, silver, warehouse, warehouse.duckdb, warehouse.snowflake.
 */
package io.medallion.jobs.lakehouse;

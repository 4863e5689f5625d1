/**
 * The health checks of {@code medallion doctor}: what a run needs, and how to mend what is missing.
 *
 * <p>Uses: bronze.topic, core, core.contract, core.lake, core.s3, gold.star, jobs.cli, jobs.config,
 * jobs.lakehouse, warehouse.duckdb, warehouse.snowflake.
 */
package io.medallion.jobs.doctor;

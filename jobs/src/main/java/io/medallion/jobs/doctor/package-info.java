/**
 * The health checks of {@code medallion doctor}: what a run needs, and how to mend what is missing.
 *
 * <p>Uses: {@code bronze.topic}, {@code core}, {@code core.contract}, {@code core.lake}, {@code
 * core.s3}, {@code jobs.cli}, {@code jobs.config}, {@code jobs.lakehouse}, {@code
 * warehouse.duckdb}, {@code warehouse.snowflake}.
 */
package io.medallion.jobs.doctor;

/**
 * Settings of an installation: options, environment, profiles and defaults, and which of them
 * holds.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.sql}, {@code core.yaml}, {@code
 * gold.star}, {@code warehouse}, {@code warehouse.snowflake}.
 */
package io.medallion.jobs.config;

/**
 * A stand-in for Snowflake on this machine. It speaks the protocol of Snowflake's JDBC driver over
 * HTTP and stores its tables in DuckDB, so that driver and Spark connector run against it
 * unchanged.
 *
 * <p>Uses: none.
 */
package io.medallion.testkit.snowflake;

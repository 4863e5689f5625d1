/**
 * A stand-in for Snowflake on this machine: it speaks the protocol of Snowflake's JDBC driver over
 * HTTP and keeps its tables in DuckDB, so that driver and Spark connector run against it unchanged.
 */
package io.medallion.testkit.snowflake;

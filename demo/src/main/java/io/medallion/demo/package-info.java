/**
 * The commands {@code generate}, {@code produce} and {@code demo}, which show the product on
 * generated data.
 *
 * <p>Uses: bronze.topic, core, core.contract, demo.events, demo.orders, gold.build, gold.star,
 * jobs.cli, jobs.config, jobs.inspect, jobs.lakehouse, jobs.pipeline, jobs.streaming, silver,
 * testkit.kafka, testkit.snowflake, warehouse, warehouse.snowflake.
 */
package io.medallion.demo;

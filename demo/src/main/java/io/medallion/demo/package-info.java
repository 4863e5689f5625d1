/**
 * The commands {@code generate}, {@code produce} and {@code demo}, which show the product on
 * generated data.
 *
 * <p>Uses: {@code bronze.topic}, {@code core}, {@code core.contract}, {@code core.lake}, {@code
 * demo.events}, {@code demo.orders}, {@code gold.build}, {@code gold.star}, {@code jobs.cli},
 * {@code jobs.config}, {@code jobs.inspect}, {@code jobs.lakehouse}, {@code jobs.pipeline}, {@code
 * jobs.streaming}, {@code silver}, {@code testkit.kafka}, {@code testkit.snowflake}, {@code
 * warehouse}, {@code warehouse.snowflake}.
 */
package io.medallion.demo;

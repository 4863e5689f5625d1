/**
 * Runs a Kafka broker in a process of its own, for tests and the demo.
 *
 * <p>Uses: none.
 */
package io.medallion.testkit.kafka;

/**
 * Generates order events, sends them to a topic, and records the results that a pipeline must get
 * from them.
 *
 * <p>Uses: {@code demo.orders}.
 */
package io.medallion.demo.events;

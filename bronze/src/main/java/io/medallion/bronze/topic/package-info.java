/**
 * Lands a topic's events, each once, and records ranges of offsets that were lost.
 *
 * <p>Uses: {@code bronze}, {@code core}, {@code core.contract}, {@code core.lake}, {@code
 * core.ledger}, {@code core.manifest}, {@code core.reader}, {@code core.spark}, {@code
 * core.stream}, {@code core.topic}.
 */
package io.medallion.bronze.topic;

/**
 * Runs all layers as streams of one process, and measures and reports their batches.
 *
 * <p>Uses: {@code bronze.topic}, {@code core}, {@code core.contract}, {@code core.lake}, {@code
 * core.ledger}, {@code core.reader}, {@code gold.build}, {@code gold.check}, {@code gold.star},
 * {@code jobs.cli}, {@code jobs.config}, {@code jobs.lakehouse}, {@code jobs.maintenance}, {@code
 * silver}, {@code warehouse}.
 */
package io.medallion.jobs.streaming;

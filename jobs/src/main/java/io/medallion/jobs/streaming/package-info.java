/**
 * Runs all layers as streams of one process, and measures and reports their batches.
 *
 * <p>Uses: bronze.topic, core, core.contract, core.lake, core.ledger, gold.build, gold.check,
 * gold.star, jobs.cli, jobs.config, jobs.lakehouse, jobs.maintenance, silver, warehouse.
 */
package io.medallion.jobs.streaming;

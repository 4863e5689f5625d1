/**
 * Reads a lake to show it: status, reconciliation of records, trace of a fact, queries.
 *
 * <p>Uses: bronze, bronze.topic, core, core.contract, core.lake, core.ledger, core.manifest,
 * gold.check, gold.star, jobs.cli, jobs.config, jobs.lakehouse, jobs.streaming, silver, warehouse.
 */
package io.medallion.jobs.inspect;

/**
 * The main job on files: landing, silver, gold and warehouse one after the other.
 *
 * <p>Uses: bronze, core.contract, core.lake, core.ledger, gold.build, gold.star, jobs.cli,
 * jobs.config, jobs.inspect, jobs.lakehouse, jobs.maintenance, silver, warehouse.
 */
package io.medallion.jobs.pipeline;

/**
 * The main job on files: landing, silver, gold and warehouse one after the other.
 *
 * <p>Uses: {@code bronze}, {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code
 * gold.build}, {@code gold.check}, {@code gold.star}, {@code jobs.cli}, {@code jobs.config}, {@code
 * jobs.inspect}, {@code jobs.lakehouse}, {@code jobs.maintenance}, {@code silver}, {@code
 * warehouse}.
 */
package io.medallion.jobs.pipeline;

/**
 * Reads a lake to show it: status, reconciliation of records, trace of a fact, queries.
 *
 * <p>Uses: {@code bronze}, {@code bronze.topic}, {@code core}, {@code core.contract}, {@code
 * core.lake}, {@code core.ledger}, {@code core.manifest}, {@code core.reader}, {@code gold.check},
 * {@code gold.star}, {@code jobs.cli}, {@code jobs.config}, {@code jobs.lakehouse}, {@code
 * jobs.streaming}, {@code silver}, {@code warehouse}.
 */
package io.medallion.jobs.inspect;

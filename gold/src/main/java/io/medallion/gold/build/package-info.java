/**
 * Builds stars from silver, as a stream over silver's change data feed. A build decides what has to
 * be done, has dimensions, facts and checks do it, and records it in the ledger.
 *
 * <p>Uses: {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code core.rows},
 * {@code core.spark}, {@code core.sql}, {@code gold.check}, {@code gold.dimension}, {@code gold.fact}, {@code gold.star}, {@code
 * gold.table}.
 */
package io.medallion.gold.build;

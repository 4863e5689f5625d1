/**
 * Builds stars from what changed in silver. A build decides what has to be done, has dimensions,
 * facts and checks do it, on the driver or by Spark's plans, and records it in the ledger.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code
 * core.rows}, {@code core.spark}, {@code gold.check}, {@code gold.dimension}, {@code gold.fact},
 * {@code gold.star}, {@code gold.table}.
 */
package io.medallion.gold.build;

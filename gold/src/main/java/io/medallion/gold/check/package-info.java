/**
 * Evaluates the checks of a star after a build, and stores their results.
 *
 * <p>Uses: {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code core.reader},
 * {@code core.rows}, {@code core.spark}, {@code gold.dimension}, {@code gold.fact}, {@code
 * gold.star}, {@code gold.table}.
 */
package io.medallion.gold.check;

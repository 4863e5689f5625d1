/**
 * Builds fact tables, and re-points facts whose dimension versions changed.
 *
 * <p>Uses: {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code core.rows}, {@code
 * gold.dimension}, {@code gold.star}, {@code gold.table}.
 */
package io.medallion.gold.fact;

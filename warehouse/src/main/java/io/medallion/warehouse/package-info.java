/**
 * Loads finished stars into a warehouse, exactly once. The load is the same for every warehouse;
 * {@link io.medallion.warehouse.Warehouse} is what differs.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.lake}, {@code core.ledger}, {@code
 * core.reader}, {@code core.rows}, {@code core.spark}, {@code core.yaml}, {@code gold.star}, {@code
 * warehouse.layout}.
 */
package io.medallion.warehouse;

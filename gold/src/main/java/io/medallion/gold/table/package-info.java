/**
 * Writes tables of gold and reads their changes.
 *
 * <p>Uses: {@code core.lake}, {@code core.rows}.
 */
package io.medallion.gold.table;

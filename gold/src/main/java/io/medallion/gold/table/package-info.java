/**
 * Writes tables of gold and reads their changes.
 *
 * <p>Uses: {@code core.lake}.
 */
package io.medallion.gold.table;

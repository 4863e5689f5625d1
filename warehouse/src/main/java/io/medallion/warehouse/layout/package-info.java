/**
 * The tables of a star as a warehouse has them: columns with their types and comments, keys, and
 * how two layouts differ.
 *
 * <p>Uses: {@code gold.star}.
 */
package io.medallion.warehouse.layout;

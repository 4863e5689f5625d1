/**
 * Builds the dimensions of a star: which members changes of silver affect, their versions,
 * surrogate keys and the calendar. {@link io.medallion.gold.dimension.StarDimensions} is where a
 * build enters, {@link io.medallion.gold.dimension.Versions} computes the versions.
 *
 * <p>Uses: {@code core.lake}, {@code core.rows}, {@code core.spark}, {@code core.sql}, {@code
 * gold.star}, {@code gold.table}.
 */
package io.medallion.gold.dimension;

/**
 * Reads the lake's tables from their logs and files without Spark: rows by columns and bounds,
 * sizes, versions and change images.
 *
 * <p>Uses: {@code core}, {@code core.lake}.
 */
package io.medallion.core.reader;

/**
 * YAML documents with the place of every value, so that a mistake in one is reported with file,
 * line and column.
 *
 * <p>Uses: {@code core}.
 */
package io.medallion.core.yaml;

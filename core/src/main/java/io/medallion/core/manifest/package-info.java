/**
 * The manifest: the table that names every file and every batch of a topic that landed or was
 * rejected.
 *
 * <p>Uses: {@code core.lake}, {@code core.reader}, {@code core.spark}.
 */
package io.medallion.core.manifest;

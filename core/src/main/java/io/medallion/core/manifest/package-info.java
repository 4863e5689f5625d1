/**
 * The manifest: the table that names every file and every batch of a topic that landed or was
 * rejected.
 *
 * <p>Uses: core.lake.
 */
package io.medallion.core.manifest;

/**
 * Compaction of small files, and work that is repeated on a thread of its own.
 *
 * <p>Uses: {@code core.contract}, {@code core.lake}, {@code gold.star}, {@code jobs.lakehouse}.
 */
package io.medallion.jobs.maintenance;

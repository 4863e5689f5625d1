/**
 * How Spark is used for small batches: interpreted plans, rows computed once, work done in
 * parallel.
 *
 * <p>Uses: {@code core.lake}, {@code core.reader}.
 */
package io.medallion.core.spark;

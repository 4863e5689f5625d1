/**
 * How a stream of Spark is stopped between two batches.
 *
 * <p>Uses: none.
 */
package io.medallion.core.stream;

/**
 * Rows in the driver's memory, in Spark's internal form: brings them there by one job, computes
 * columns of them by Spark's own expressions, and compares them.
 *
 * <p>Uses: none.
 */
package io.medallion.core.rows;

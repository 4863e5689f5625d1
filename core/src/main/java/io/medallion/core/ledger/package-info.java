/**
 * The ledger {@code ops.runs}: what every batch of every job read and wrote, and that records in
 * and out add up.
 *
 * <p>Uses: core.lake, core.s3, core.spark.
 */
package io.medallion.core.ledger;

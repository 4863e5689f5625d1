/**
 * The ledger {@code ops.runs}: what every batch of every job read and wrote, and that records in
 * and out add up.
 *
 * <p>Uses: {@code core.lake}, {@code core.reader}, {@code core.s3}, {@code core.spark}.
 */
package io.medallion.core.ledger;

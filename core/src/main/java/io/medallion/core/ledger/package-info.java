/**
 * The ledger {@code ops.runs}: what every batch of every job read and wrote, and that records in
 * and out add up.
 *
 * <p>Uses: {@code core.lake}, {@code core.s3}.
 */
package io.medallion.core.ledger;

/**
 * Turns landed records into rows of silver: validates them, removes duplicates, merges them by key,
 * and quarantines what breaks a rule.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.csv}, {@code core.lake}, {@code
 * core.ledger}, {@code core.manifest}, {@code core.reader}, {@code core.rows}, {@code core.spark},
 * {@code core.topic}, {@code silver.parse}.
 */
package io.medallion.silver;

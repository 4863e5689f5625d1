/**
 * Lands files of a feed: stores their bytes unchanged, each content once, and names them in the
 * manifest.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.csv}, {@code core.lake}, {@code
 * core.ledger}, {@code core.manifest}, {@code core.reader}.
 */
package io.medallion.bronze;

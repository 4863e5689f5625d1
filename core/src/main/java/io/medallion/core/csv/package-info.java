/**
 * Records, fields and encodings of delimited text, as landing and parsing share them.
 *
 * <p>Uses: {@code core.contract}.
 */
package io.medallion.core.csv;

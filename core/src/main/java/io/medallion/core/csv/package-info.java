/** Records, fields and encodings of delimited text, as landing and parsing share them. */
package io.medallion.core.csv;

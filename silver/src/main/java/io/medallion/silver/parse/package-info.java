/**
 * Parses raw records of CSV, JSON and Avro into the columns of a contract.
 *
 * <p>Uses: {@code core.contract}, {@code core.csv}, {@code core.manifest}.
 */
package io.medallion.silver.parse;

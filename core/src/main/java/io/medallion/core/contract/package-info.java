/**
 * Data contracts: columns, rules and feeds of a table of silver, read from the Open Data Contract
 * Standard.
 *
 * <p>Uses: {@code core}, {@code core.sql}, {@code core.yaml}.
 */
package io.medallion.core.contract;

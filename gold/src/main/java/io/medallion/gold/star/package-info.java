/**
 * Reads star definitions: sources, dimensions, facts and checks, with all mistakes of a file at
 * once.
 *
 * <p>Uses: {@code core}, {@code core.contract}, {@code core.sql}, {@code core.yaml}.
 */
package io.medallion.gold.star;

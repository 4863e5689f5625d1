/**
 * SQL expressions of contracts and stars: which columns they name, and whether Spark accepts them.
 *
 * <p>Uses: {@code core}.
 */
package io.medallion.core.sql;

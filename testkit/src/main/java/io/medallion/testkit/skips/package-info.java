/**
 * Fails tests that skip themselves without being allowed to.
 *
 * <p>Uses: none.
 */
package io.medallion.testkit.skips;

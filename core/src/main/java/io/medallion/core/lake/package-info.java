/**
 * The lake's layout and its Delta tables by name.
 *
 * <p>Uses: none.
 */
package io.medallion.core.lake;

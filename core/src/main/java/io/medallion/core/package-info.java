/**
 * Errors that tell problem, cause and fix, and what every layer needs to word them.
 *
 * <p>Uses: none.
 */
package io.medallion.core;

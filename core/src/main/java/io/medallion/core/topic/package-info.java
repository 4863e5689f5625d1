/**
 * A topic's event as bronze stores it and silver reads it.
 *
 * <p>Uses: none.
 */
package io.medallion.core.topic;

/**
 * A deterministic generator of retail order files together with the truth about them.
 *
 * <p>The truth is folded from the lines as they are written, never from the files read back and
 * never by the pipeline under test: this package depends on no other module.
 */
package io.medallion.demo.orders;

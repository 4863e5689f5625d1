/**
 * Generates retail order files, deterministically, and the results that a pipeline must get from
 * them. These results are computed from the lines as they are written, never from the files read
 * back and never by the pipeline under test.
 *
 * <p>Uses: none.
 */
package io.medallion.demo.orders;

/**
 * Lakes on S3: settings of the client, commits by conditional writes, and counts of the requests
 * sent.
 *
 * <p>Uses: {@code core}.
 */
package io.medallion.core.s3;

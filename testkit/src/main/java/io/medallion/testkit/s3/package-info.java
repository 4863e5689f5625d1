/**
 * Runs an S3 server in a process of its own, and a proxy that injects faults between it and its
 * clients.
 *
 * <p>Uses: none.
 */
package io.medallion.testkit.s3;

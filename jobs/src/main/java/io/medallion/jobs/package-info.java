/**
 * The main classes: one for each command, which reads its options, calls the layers and returns an
 * exit code.
 *
 * <p>Uses: {@code bronze}, {@code bronze.topic}, {@code core}, {@code core.contract}, {@code
 * core.lake}, {@code core.ledger}, {@code core.manifest}, {@code core.reader}, {@code core.s3},
 * {@code core.spark}, {@code gold.build}, {@code gold.check}, {@code gold.star}, {@code jobs.cli},
 * {@code jobs.config}, {@code jobs.doctor}, {@code jobs.inspect}, {@code jobs.lakehouse}, {@code
 * jobs.pipeline}, {@code jobs.streaming}, {@code silver}, {@code warehouse}.
 */
package io.medallion.jobs;

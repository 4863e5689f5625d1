/**
 * The command line: options, output as text, JSON and CSV, reports and exit codes.
 *
 * <p>Uses: {@code bronze}, {@code bronze.topic}, {@code core}, {@code core.contract}, {@code
 * core.ledger}, {@code core.reader}, {@code core.s3}, {@code gold.build}, {@code gold.check},
 * {@code gold.star}, {@code gold.table}, {@code jobs.config}, {@code silver}, {@code warehouse}.
 */
package io.medallion.jobs.cli;

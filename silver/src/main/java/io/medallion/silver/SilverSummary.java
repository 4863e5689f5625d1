package io.medallion.silver;

import io.medallion.core.ledger.FileAccount;
import java.time.Duration;

/**
 * What one batch did to a table of silver.
 *
 * @param files files read
 * @param total the batch's accounts added up
 * @param bytes bytes read
 * @param version the table's version afterwards
 */
public record SilverSummary(
    String table,
    String job,
    long batchId,
    long files,
    FileAccount total,
    long bytes,
    long version,
    Duration duration) {}

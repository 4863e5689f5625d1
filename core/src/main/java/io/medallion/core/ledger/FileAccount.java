package io.medallion.core.ledger;

/**
 * What one batch did to the account of one landed file: double entry, so that the sum over all
 * batches is the file's state now.
 *
 * <p>A batch that replaces a row which an earlier file had brought records {@code -1} accepted and
 * {@code +1} superseded on that file. The sum of {@code accepted} is the number of the file's rows
 * in silver.
 *
 * @param fileId the manifest's {@code file_id}
 * @param records records that came in with this batch, counted when the file landed
 * @param accepted rows that silver gained from the file, less those it lost
 * @param duplicates records equal to the row of their key in silver
 * @param superseded records of a key for which silver holds a later one
 * @param quarantined records that broke a rule, less those that were replayed
 */
public record FileAccount(
    String fileId,
    long records,
    long accepted,
    long duplicates,
    long superseded,
    long quarantined) {

  /**
   * @throws ConservationException where the counts do not add up to {@code records}
   */
  public FileAccount {
    long accounted = accepted + duplicates + superseded + quarantined;
    if (records != accounted) {
      throw new ConservationException(
          "file "
              + fileId
              + ": "
              + records
              + " records in, but "
              + accepted
              + " accepted + "
              + duplicates
              + " duplicates + "
              + superseded
              + " superseded + "
              + quarantined
              + " quarantined = "
              + accounted
              + ". Nothing was committed. Records were lost or counted twice between landing and"
              + " silver; run the command again, and report it if it stays.");
    }
  }

  /** This account and {@code other}, of the same file, added up. */
  public FileAccount plus(FileAccount other) {
    return new FileAccount(
        fileId,
        records + other.records,
        accepted + other.accepted,
        duplicates + other.duplicates,
        superseded + other.superseded,
        quarantined + other.quarantined);
  }
}

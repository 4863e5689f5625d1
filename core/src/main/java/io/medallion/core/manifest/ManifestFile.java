package io.medallion.core.manifest;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One row of {@code bronze.manifest}: a file that landed, or that was kept aside, or the events of
 * a topic's partition that landed in one batch.
 *
 * @param fileId a digest of feed and content: provenance refers to it
 * @param reason why the file was rejected; absent where it landed
 * @param sourceUri where it came from
 * @param contentSha256 of the bytes received (compressed ones where they came compressed); blank
 *     for events, whose identity is their offsets
 * @param sizeBytes of the bytes received; of events, of the files they were written to
 * @param landingSeq grows with landing: decides between versions of a key that the contract's
 *     sequence columns do not decide between
 * @param encoding the file's character encoding; blank where rejected
 * @param newline {@code LF} or {@code CR}
 * @param header column names as they stand in the file
 * @param recordCount data records: header excluded, blank ones included
 * @param parts in the file's order; put together they are the file again (uncompressed). Of events,
 *     Parquet files of {@link io.medallion.core.topic.Envelope}
 * @param offsets which events; absent for files
 */
public record ManifestFile(
    String fileId,
    String feed,
    Optional<String> reason,
    String sourceUri,
    String contentSha256,
    long sizeBytes,
    LocalDate ingestDate,
    Instant landedAt,
    long landingSeq,
    String runId,
    String contractVersion,
    String encoding,
    String newline,
    String delimiter,
    List<String> header,
    long recordCount,
    List<Part> parts,
    Optional<OffsetRange> offsets)
    implements Serializable {

  /** A file's row. */
  public ManifestFile(
      String fileId,
      String feed,
      Optional<String> reason,
      String sourceUri,
      String contentSha256,
      long sizeBytes,
      LocalDate ingestDate,
      Instant landedAt,
      long landingSeq,
      String runId,
      String contractVersion,
      String encoding,
      String newline,
      String delimiter,
      List<String> header,
      long recordCount,
      List<Part> parts) {
    this(
        fileId,
        feed,
        reason,
        sourceUri,
        contentSha256,
        sizeBytes,
        ingestDate,
        landedAt,
        landingSeq,
        runId,
        contractVersion,
        encoding,
        newline,
        delimiter,
        header,
        recordCount,
        parts,
        Optional.empty());
  }

  public ManifestFile {
    header = List.copyOf(header);
    parts = List.copyOf(parts);
    if (reason.isEmpty() && parts.stream().mapToLong(Part::records).sum() != recordCount) {
      throw new IllegalArgumentException(
          sourceUri + ": its parts do not hold its " + recordCount + " records");
    }
  }

  /**
   * A piece of a landed file, cut at a record's end.
   *
   * @param path relative to the lake's root
   * @param firstRecord number of its first data record within the file, from 1; of events, the
   *     first offset
   * @param skipBytes bytes before its first data record: the header, in a file's first part
   */
  public record Part(String path, long bytes, long firstRecord, long records, long skipBytes)
      implements Serializable {}

  /** The same file under another landing number. */
  public ManifestFile withLandingSeq(long number) {
    return new ManifestFile(
        fileId,
        feed,
        reason,
        sourceUri,
        contentSha256,
        sizeBytes,
        ingestDate,
        landedAt,
        number,
        runId,
        contractVersion,
        encoding,
        newline,
        delimiter,
        header,
        recordCount,
        parts,
        offsets);
  }

  /** Whether the file landed. */
  public boolean landed() {
    return reason.isEmpty();
  }
}

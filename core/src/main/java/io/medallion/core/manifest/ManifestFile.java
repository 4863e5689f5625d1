package io.medallion.core.manifest;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * One row of {@code bronze.manifest}: a file that landed, a file that was rejected, or the events
 * of a topic's partition that landed in one batch.
 */
public sealed interface ManifestFile extends Serializable permits ReceivedFile, EventLanding {

  /**
   * A piece of a landed file, cut at a record's end.
   *
   * @param path relative to the lake's root
   * @param firstRecord number of its first data record within the file, from 1; of events, the
   *     first offset
   * @param skipBytes bytes before its first data record: the header, in a file's first part
   */
  record Part(String path, long bytes, long firstRecord, long records, long skipBytes)
      implements Serializable {}

  /** What every row has. */
  Receipt receipt();

  /** Where it came from. */
  String sourceUri();

  /** Of the bytes received, compressed ones where they came compressed; of events, as written. */
  long sizeBytes();

  /** What is known of the text. */
  TextFormat format();

  /** In order. */
  List<Part> parts();

  /** The same file under another landing number. */
  ManifestFile withLandingSeq(long number);

  /** A digest of feed and content: provenance refers to it. */
  default String fileId() {
    return receipt().fileId();
  }

  default String feed() {
    return receipt().feed();
  }

  /** The day, in UTC, whose folder holds the parts. */
  default LocalDate ingestDate() {
    return LocalDate.ofInstant(landedAt(), ZoneOffset.UTC);
  }

  default Instant landedAt() {
    return receipt().landedAt();
  }

  default long landingSeq() {
    return receipt().landingSeq();
  }

  default String runId() {
    return receipt().runId();
  }

  default String contractVersion() {
    return receipt().contractVersion();
  }

  /** Data records: a file's header excluded, blank records included. */
  default long recordCount() {
    return parts().stream().mapToLong(Part::records).sum();
  }

  /** Whether silver is to read it. */
  default boolean landed() {
    return !(this instanceof Rejection);
  }

  /**
   * Files that are all of one kind.
   *
   * @throws ClassCastException where one is of another kind
   */
  static <T extends ManifestFile> List<T> as(
      Class<T> kind, Collection<? extends ManifestFile> files) {
    return files.stream().map(kind::cast).toList();
  }
}

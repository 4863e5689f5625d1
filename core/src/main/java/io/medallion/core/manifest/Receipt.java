package io.medallion.core.manifest;

import java.io.Serializable;
import java.time.Instant;

/**
 * What bronze notes of everything that it receives.
 *
 * @param fileId a digest of feed and content, or of feed and offsets
 * @param landingSeq grows with landing: decides between versions of a key that the contract's
 *     sequence columns do not decide between
 * @param runId the process that landed it
 */
public record Receipt(
    String fileId,
    String feed,
    Instant landedAt,
    long landingSeq,
    String runId,
    String contractVersion)
    implements Serializable {

  public Receipt {
    if (fileId.isBlank() || feed.isBlank()) {
      throw new IllegalArgumentException("a row of the manifest needs a file id and a feed");
    }
  }

  Receipt withLandingSeq(long number) {
    return new Receipt(fileId, feed, landedAt, number, runId, contractVersion);
  }
}

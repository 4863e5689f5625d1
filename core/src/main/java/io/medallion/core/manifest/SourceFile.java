package io.medallion.core.manifest;

import java.io.Serializable;

/**
 * A file as it was received.
 *
 * @param uri where it came from
 * @param sha256 of the bytes received, compressed ones where they came compressed
 * @param sizeBytes of the same bytes
 */
public record SourceFile(String uri, String sha256, long sizeBytes) implements Serializable {
  public SourceFile {
    if (sha256.isBlank()) {
      throw new IllegalArgumentException(uri + ": it needs a digest of its content");
    }
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(uri + ": its size is " + sizeBytes);
    }
  }
}

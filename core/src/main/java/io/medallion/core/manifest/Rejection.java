package io.medallion.core.manifest;

import java.util.List;

/**
 * A file that cannot be the feed's.
 *
 * @param reason why
 * @param parts the whole file as it was received, in the feed's folder of rejected files
 */
public record Rejection(
    Receipt receipt,
    SourceFile source,
    TextFormat format,
    String reason,
    List<ManifestFile.Part> parts)
    implements ReceivedFile {

  public Rejection {
    parts = List.copyOf(parts);
    if (reason.isBlank()) {
      throw new IllegalArgumentException(source.uri() + ": it was rejected for no reason");
    }
    if (parts.stream().anyMatch(part -> part.records() != 0)) {
      throw new IllegalArgumentException(source.uri() + ": a rejected file brings no records");
    }
  }

  @Override
  public Rejection withLandingSeq(long number) {
    return new Rejection(receipt.withLandingSeq(number), source, format, reason, parts);
  }
}

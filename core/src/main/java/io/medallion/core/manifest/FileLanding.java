package io.medallion.core.manifest;

import java.util.List;

/**
 * A CSV file that landed.
 *
 * @param parts in the file's order; put together they are the file again, uncompressed
 */
public record FileLanding(
    Receipt receipt, SourceFile source, TextFormat format, List<ManifestFile.Part> parts)
    implements ReceivedFile {

  public FileLanding {
    parts = List.copyOf(parts);
    if (!format.complete()) {
      throw new IllegalArgumentException(
          source.uri() + ": it cannot be read again with so little known of it: " + format);
    }
  }

  @Override
  public FileLanding withLandingSeq(long number) {
    return new FileLanding(receipt.withLandingSeq(number), source, format, parts);
  }
}

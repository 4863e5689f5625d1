package io.medallion.bronze;

import com.github.luben.zstd.ZstdException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a compressed source, held to a budget; tells a damaged file from a failing source.
 */
final class Decompression extends BlockInputStream {
  /** Small files may be made of one line over and over: no one is harmed by their content. */
  private static final long FREE_BYTES = 64L << 20;

  private final ReceivedBytes received;
  private final CompressedFormat format;
  private final int maxExpansion;
  private final InputStream decoder;
  private long bytes;

  Decompression(
      ReceivedBytes received, BufferedInputStream in, CompressedFormat format, int maxExpansion)
      throws IOException {
    this.received = received;
    this.format = format;
    this.maxExpansion = maxExpansion;
    this.decoder = decoded(() -> format.decoder(in));
  }

  /**
   * @throws DamagedFileException where the file is damaged, cut or expands beyond its budget
   * @throws IOException where the source cannot be read
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = decoded(() -> decoder.read(buffer, offset, length));
    bytes += Math.max(read, 0);
    if (bytes > FREE_BYTES && bytes > received.bytes() * (long) maxExpansion) {
      throw new DamagedFileException(
          "it is "
              + format.label()
              + " whose content is more than "
              + maxExpansion
              + " times as long as the file (maxExpansion of the feed)");
    }
    return read;
  }

  private interface Decoding<T> {
    T run() throws IOException;
  }

  /** Decoders tell of a damaged file and of a source that fails by the same exceptions. */
  private <T> T decoded(Decoding<T> decoding) throws IOException {
    try {
      return decoding.run();
    } catch (IOException | ZstdException | IllegalStateException | IndexOutOfBoundsException e) {
      if (received.failed() && e instanceof IOException failure) {
        throw failure;
      }
      throw new DamagedFileException(
          "it is a damaged " + format.label().replaceFirst("^an? ", "") + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    decoder.close();
  }
}

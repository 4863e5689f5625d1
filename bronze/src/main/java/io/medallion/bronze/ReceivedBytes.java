package io.medallion.bronze;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A source's bytes, hashed and counted as they come in. */
final class ReceivedBytes implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final DigestInputStream hashed;
  private long bytes;
  private boolean failed;
  private String digest;
  private InputStream unread;

  ReceivedBytes(InputStream in) {
    this.hashed = new DigestInputStream(new Counting(in), sha256());
  }

  /**
   * The bytes, decompressed where the first of them say that they are compressed.
   *
   * @param maxExpansion how many times as long as the source its content may be
   * @throws DamagedFileException where they say that it is of a format that is not read
   */
  InputStream uncompressed(int maxExpansion) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(hashed, BUFFER_BYTES);
    buffered.mark(CompressedFormat.MAGIC_BYTES);
    byte[] first = buffered.readNBytes(CompressedFormat.MAGIC_BYTES);
    buffered.reset();
    Optional<CompressedFormat> format = CompressedFormat.of(first);
    if (format.isEmpty()) {
      return buffered;
    }
    if (!format.get().isDecoded()) {
      throw new DamagedFileException(
          "it is "
              + format.get().label()
              + (format.get() == CompressedFormat.ZIP
                  ? ", which only a name that ends in .zip may be"
                  : ", which is not read"));
    }
    unread = buffered;
    return new Decompression(this, buffered, format.get(), maxExpansion);
  }

  /** Whether the source itself could not be read. */
  boolean failed() {
    return failed;
  }

  long bytes() {
    return bytes;
  }

  /** How many bytes of the source its reader has left over. */
  long rest() throws IOException {
    return unread == null ? 0 : unread.transferTo(OutputStream.nullOutputStream());
  }

  /** The digest of the whole source, its unread rest included. */
  String digest() throws IOException {
    if (digest == null) {
      hashed.transferTo(OutputStream.nullOutputStream());
      digest = HexFormat.of().formatHex(hashed.getMessageDigest().digest());
    }
    return digest;
  }

  @Override
  public void close() throws IOException {
    digest();
    hashed.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private final class Counting extends FilterInputStream {
    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int read = super.read(buffer, offset, length);
        bytes += Math.max(read, 0);
        return read;
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }
}

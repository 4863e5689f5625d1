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

/** A source's bytes, hashed and counted as they come in. */
final class ReceivedBytes implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final DigestInputStream hashed;
  private long bytes;
  private String digest;

  ReceivedBytes(InputStream in) {
    this.hashed = new DigestInputStream(new Counting(in), sha256());
  }

  /** The bytes, decompressed where they are gzip by their first two. */
  InputStream uncompressed() throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(hashed, BUFFER_BYTES);
    buffered.mark(2);
    int first = buffered.read();
    int second = buffered.read();
    buffered.reset();
    return first == 0x1f && second == 0x8b ? new GzipMembers(buffered) : buffered;
  }

  long bytes() {
    return bytes;
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
      int b = super.read();
      bytes += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      bytes += Math.max(read, 0);
      return read;
    }
  }
}

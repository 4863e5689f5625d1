package io.medallion.bronze;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Decompresses a gzip file of one or more members to its last byte, or fails.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes a second member whose header is damaged or cut for
 * the end of the file, and the records in it are lost. Here nothing may follow a whole member but
 * the end, zeros up to the end (tapes and some uploads pad with them), or another whole member (RFC
 * 1952, section 2.2).
 */
final class GzipMembers extends BlockInputStream {
  private final Source source;
  private GzipCompressorInputStream member;
  private boolean ended;

  /**
   * @param in begins with gzip's two magic bytes
   */
  GzipMembers(BufferedInputStream in) {
    this.source = new Source(in);
  }

  /**
   * @throws EOFException where the file ends within a member; its message says where
   * @throws ZipException where the file is damaged
   * @throws IOException where the source cannot be read
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (member == null) {
        member = decoded(() -> new GzipCompressorInputStream(source), "its header");
      }
      int read = decoded(() -> member.read(buffer, offset, length), "its compressed data");
      if (read >= 0) {
        return read;
      }
      member = null;
      ended = !anotherMemberFollows();
    }
    return -1;
  }

  private boolean anotherMemberFollows() throws IOException {
    source.mark(2);
    int first = source.read();
    int second = source.read();
    source.reset();
    if (first == 0x1f && (second == 0x8b || second < 0)) {
      return true;
    }
    for (int b = source.read(); b >= 0; b = source.read()) {
      if (b != 0) {
        throw new ZipException("bytes that are neither gzip nor zeros follow a whole member");
      }
    }
    return false;
  }

  private interface Decoding<T> {
    T run() throws IOException;
  }

  /** The decoder tells of a damaged file and of a source that fails by the same exception. */
  private <T> T decoded(Decoding<T> decoding, String where) throws IOException {
    try {
      return decoding.run();
    } catch (EOFException e) {
      throw new EOFException("it ends within " + where);
    } catch (IOException e) {
      if (source.failed) {
        throw e;
      }
      ZipException damaged = new ZipException(e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /** Remembers that it failed itself. */
  private static final class Source extends FilterInputStream {
    private boolean failed;

    Source(BufferedInputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return super.read(buffer, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }
}

package io.medallion.core.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The bytes of a stream from the current record on, as far as they were asked for. */
final class ByteWindow implements Closeable {
  private static final int FIRST_CAPACITY_BYTES = 1 << 17;

  private final InputStream in;
  private final int maxLineBytes;
  private byte[] bytes = new byte[FIRST_CAPACITY_BYTES];
  private int filled;
  private boolean exhausted;

  /**
   * A window that has read nothing.
   *
   * @param maxLineBytes how far a line may go on
   */
  ByteWindow(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Reads on until there is a byte at the position, or the stream's end.
   *
   * @param lineStart where its line begins
   * @return whether there is one
   * @throws RecordTooLongException where more than a line's bytes would have to be kept
   */
  boolean has(int position, int lineStart) throws IOException {
    return position < filled || read(position, lineStart);
  }

  private boolean read(int position, int lineStart) throws IOException {
    while (position >= filled && !exhausted) {
      // One more than the budget may be the terminator, and one more a line feed.
      if (position - lineStart > maxLineBytes + 2L) {
        throw new RecordTooLongException(maxLineBytes);
      }
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
      }
      int read = in.read(bytes, filled, bytes.length - filled);
      if (read < 0) {
        exhausted = true;
      } else {
        filled += read;
      }
    }
    return position < filled;
  }

  byte at(int position) {
    return bytes[position];
  }

  byte[] array() {
    return bytes;
  }

  /** Whether a carriage return and a line feed are at the position, of which there is a byte. */
  boolean crlfAt(int position) throws IOException {
    return bytes[position] == '\r' && has(position + 1, position) && bytes[position + 1] == '\n';
  }

  /** Whether more than half of the window is bytes before the position. */
  boolean wasteful(int position) {
    return position > bytes.length / 2;
  }

  /** Forgets the bytes before the position, which becomes 0. */
  void dropBefore(int position) {
    System.arraycopy(bytes, position, bytes, 0, filled - position);
    filled -= position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

package io.medallion.core.csv;

import io.medallion.core.csv.CsvRecords.Newline;
import java.io.IOException;

/** Follows quotes and delimiters from a line's start, and stops at the line's end. */
final class LineScan {
  /** A quoted field that is not closed so far into a record is taken for an unbalanced quote. */
  static final int MAX_QUOTED_BYTES = 16 << 20;

  private static final byte QUOTE = '"';

  /** Why a scan stopped. */
  enum Stop {
    /** A line ends, and with it the record, or the file does. */
    RECORD_END,
    /** A line ends within a quoted field; the scan can go on with the next one. */
    LINE_IN_QUOTES,
    /** A quote follows that neither closes the field nor is doubled, or the file ends. */
    UNBALANCED,
    /** The field is quoted up to the limit; the scan can go on with a higher one. */
    LIMIT
  }

  private final ByteWindow bytes;
  private final byte delimiter;
  private boolean anyTerminator;
  private byte terminator;

  private int position;
  private int lineStart;
  private boolean quoted;
  private boolean fieldStart;
  private int delimiters;
  private long scannedBytes;

  LineScan(ByteWindow bytes, byte delimiter) {
    this.bytes = bytes;
    this.delimiter = delimiter;
  }

  /**
   * Begins at a line's start.
   *
   * @param quoted whether the line begins within a quoted field
   * @param newline how records end; null where that is not known yet
   */
  void begin(int from, boolean quoted, Newline newline) {
    this.position = from;
    this.lineStart = from;
    this.quoted = quoted;
    this.fieldStart = !quoted;
    this.delimiters = 0;
    this.anyTerminator = newline == null;
    this.terminator = (byte) (newline == Newline.CR ? '\r' : '\n');
  }

  /**
   * Goes on to the line's end.
   *
   * @param limit the last position that may lie within a quoted field
   */
  Stop advance(int limit) throws IOException {
    int before = position;
    Stop stop = quoted ? quoted(limit) : null;
    while (stop == null) {
      stop = unquoted();
      if (stop == null) {
        stop = quoted(limit);
      }
    }
    scannedBytes += position - before;
    if (stop == Stop.LINE_IN_QUOTES) {
      lineStart = position;
    }
    return stop;
  }

  /** Returns null behind an opening quote. */
  private Stop unquoted() throws IOException {
    int at = position;
    boolean starts = fieldStart;
    while (bytes.has(at, lineStart)) {
      byte b = bytes.at(at);
      if (b == QUOTE && starts) {
        position = at + 1;
        fieldStart = false;
        quoted = true;
        return null;
      }
      if (ends(b)) {
        break;
      }
      starts = b == delimiter;
      if (starts) {
        delimiters++;
      }
      at++;
    }
    position = at;
    fieldStart = starts;
    return Stop.RECORD_END;
  }

  /** Returns null behind a closing quote. */
  private Stop quoted(int limit) throws IOException {
    int at = position;
    while (at <= limit && bytes.has(at, lineStart)) {
      byte b = bytes.at(at);
      if (b == QUOTE) {
        if (!bytes.has(at + 1, lineStart) || closes(at + 1)) {
          position = at + 1;
          quoted = false;
          return null;
        }
        if (bytes.at(at + 1) != QUOTE) {
          position = at;
          return Stop.UNBALANCED;
        }
        at += 2;
      } else if (ends(b)) {
        position = at + 1;
        return Stop.LINE_IN_QUOTES;
      } else {
        at++;
      }
    }
    position = at;
    return at > limit ? Stop.LIMIT : Stop.UNBALANCED;
  }

  private boolean closes(int after) throws IOException {
    byte b = bytes.at(after);
    return b == delimiter || ends(b) || bytes.crlfAt(after);
  }

  private boolean ends(byte b) {
    return anyTerminator ? b == '\n' || b == '\r' : b == terminator;
  }

  /** Goes on to the line's end, whatever is in between, and returns it. */
  int skipToLineEnd() throws IOException {
    int before = position;
    while (bytes.has(position, lineStart) && !ends(bytes.at(position))) {
      position++;
    }
    scannedBytes += position - before;
    return position;
  }

  void shift(int dropped) {
    position -= dropped;
    lineStart -= dropped;
  }

  int position() {
    return position;
  }

  /** Delimiters between fields since the scan began. */
  int delimiters() {
    return delimiters;
  }

  long scannedBytes() {
    return scannedBytes;
  }
}

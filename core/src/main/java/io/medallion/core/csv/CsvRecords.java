package io.medallion.core.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a CSV byte stream into records and a record into fields, by RFC 4180 with damage contained.
 *
 * <p>Landing and parsing must agree on what a record is, or conservation could not be checked
 * between them: both use this class. It works on bytes, for every encoding that holds ASCII
 * unchanged.
 *
 * <p>A quote opens a quoted field only right after a delimiter or a record's start, and closes it
 * only right before a delimiter, a record's end or the end of the file. A record in which that goes
 * wrong, or that spans lines and does not then have the header's number of fields, is {@link
 * #broken()} and ends with its first physical line: an unbalanced quote costs one record, not the
 * rest of the file.
 *
 * <p>Not thread-safe.
 */
public final class CsvRecords implements Closeable {

  /**
   * Ends of records: line feeds (a carriage return before one belongs to it), or carriage returns.
   */
  public enum Newline {
    LF,
    CR
  }

  /** A quoted field that is not closed within this many bytes is taken for an unbalanced quote. */
  private static final int MAX_QUOTED_RECORD_BYTES = 16 << 20;

  /** A longer record than this is no record: the file is not text of this kind. */
  static final int MAX_RECORD_BYTES = 128 << 20;

  private static final int UNKNOWN_FIELDS = 0;
  private static final byte QUOTE = '"';

  private final InputStream in;
  private final byte delimiter;
  private int expectedFields = UNKNOWN_FIELDS;
  private Newline newline;

  private byte[] buffer = new byte[1 << 17];
  private int filled;
  private boolean exhausted;

  private int start;
  private int contentEnd;
  private int next;
  private boolean broken;
  private int fields;

  private CsvRecords(InputStream in, char delimiter, Newline newline) {
    if (delimiter > 127 || delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new IllegalArgumentException("not a delimiter: " + delimiter);
    }
    this.in = in;
    this.delimiter = (byte) delimiter;
    this.newline = newline;
  }

  /** Reads a whole file from its first byte; the first record's end decides how records end. */
  public static CsvRecords ofFile(InputStream in, char delimiter) {
    return new CsvRecords(in, delimiter, null);
  }

  /** Reads a part of a file whose newline and number of fields are known. */
  public static CsvRecords ofPart(
      InputStream in, char delimiter, Newline newline, int expectedFields) {
    CsvRecords records = new CsvRecords(in, delimiter, newline);
    records.expectFields(expectedFields);
    return records;
  }

  /** States how many fields a record should have; 0 where that is not known. */
  public void expectFields(int count) {
    this.expectedFields = count;
  }

  /**
   * Moves to the next record.
   *
   * @return whether there is one
   */
  public boolean next() throws IOException {
    start = next;
    if (start > buffer.length / 2) {
      compact();
    }
    if (!has(start)) {
      return false;
    }
    broken = false;
    fields = 1;
    int position = start;
    boolean fieldStart = true;
    while (has(position)) {
      byte b = buffer[position];
      if (b == QUOTE && fieldStart) {
        int close = closingQuote(position + 1);
        if (close < 0) {
          return endBrokenRecord();
        }
        position = close + 1;
        fieldStart = false;
      } else if (b == delimiter) {
        fields++;
        fieldStart = true;
        position++;
      } else if (endsRecord(b)) {
        return endRecord(position);
      } else {
        fieldStart = false;
        position++;
      }
    }
    return endRecord(position);
  }

  private boolean endRecord(int terminator) throws IOException {
    boolean multiline = firstTerminator() < terminator;
    if (multiline && expectedFields != UNKNOWN_FIELDS && fields != expectedFields) {
      return endBrokenRecord();
    }
    finish(terminator);
    return true;
  }

  private boolean endBrokenRecord() throws IOException {
    broken = true;
    finish(firstTerminator());
    return true;
  }

  private void finish(int terminator) throws IOException {
    contentEnd = terminator;
    next = terminator;
    if (!has(terminator)) {
      return;
    }
    next = terminator + 1;
    if (newline == null) {
      boolean carriageReturn = buffer[terminator] == '\r';
      if (carriageReturn && has(terminator + 1) && buffer[terminator + 1] == '\n') {
        next = terminator + 2;
        newline = Newline.LF;
      } else {
        newline = carriageReturn ? Newline.CR : Newline.LF;
      }
    } else if (newline == Newline.LF && terminator > start && buffer[terminator - 1] == '\r') {
      contentEnd = terminator - 1;
    }
  }

  private int firstTerminator() throws IOException {
    int position = start;
    while (has(position) && !endsRecord(buffer[position])) {
      position++;
    }
    return position;
  }

  private boolean crlfAt(int position) throws IOException {
    return buffer[position] == '\r' && has(position + 1) && buffer[position + 1] == '\n';
  }

  private boolean endsRecord(byte b) {
    if (newline == null) {
      return b == '\n' || b == '\r';
    }
    return newline == Newline.LF ? b == '\n' : b == '\r';
  }

  /** Returns where the quoted field that begins at {@code from} closes, or -1 where it does not. */
  private int closingQuote(int from) throws IOException {
    int position = from;
    while (position - start <= MAX_QUOTED_RECORD_BYTES && has(position)) {
      if (buffer[position] != QUOTE) {
        position++;
      } else if (!has(position + 1)) {
        return position;
      } else {
        byte after = buffer[position + 1];
        if (after == QUOTE) {
          position += 2;
        } else if (after == delimiter || endsRecord(after) || crlfAt(position + 1)) {
          return position;
        } else {
          return -1;
        }
      }
    }
    return -1;
  }

  private boolean has(int position) throws IOException {
    while (position >= filled && !exhausted) {
      if (filled == buffer.length) {
        if (position - start >= MAX_RECORD_BYTES) {
          throw new RecordTooLongException(
              "a record goes on for more than "
                  + (MAX_RECORD_BYTES >> 20)
                  + " MiB: this is not delimited text");
        }
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
      }
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        exhausted = true;
      } else {
        filled += read;
      }
    }
    return position < filled;
  }

  private void compact() {
    System.arraycopy(buffer, start, buffer, 0, filled - start);
    filled -= start;
    start = 0;
    next = 0;
  }

  /** The buffer with the current record; valid until {@link #next()}. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where the current record begins in {@link #buffer()}. */
  public int start() {
    return start;
  }

  /** Where its content ends, its terminator excluded. */
  public int contentEnd() {
    return contentEnd;
  }

  /** Where it ends, its terminator included. */
  public int end() {
    return next;
  }

  /** A copy of the record's content. */
  public byte[] content() {
    return Arrays.copyOfRange(buffer, start, contentEnd);
  }

  /** Whether the record's quotes are unbalanced or misplaced. */
  public boolean broken() {
    return broken;
  }

  /** How records end; known once the first record was read. */
  public Newline newline() {
    return newline == null ? Newline.LF : newline;
  }

  /** How many fields the current record has. */
  public int fields() {
    return fields;
  }

  /** Whether the current record holds nothing but white space and delimiters. */
  public boolean blank() {
    for (int i = start; i < contentEnd; i++) {
      byte b = buffer[i];
      if (b != ' ' && b != '\t' && b != '\r' && b != delimiter) {
        return false;
      }
    }
    return true;
  }

  /** The current record's fields, unquoted. */
  public List<String> split(Charset charset) {
    return split(buffer, start, contentEnd, (char) delimiter, charset);
  }

  /**
   * Splits a record that is not broken into its fields, unquoted and otherwise unchanged.
   *
   * @param from where the record begins in {@code bytes}
   * @param to where it ends, its terminator excluded
   */
  public static List<String> split(
      byte[] bytes, int from, int to, char delimiter, Charset charset) {
    List<String> values = new ArrayList<>(32);
    int position = from;
    while (true) {
      if (position < to && bytes[position] == QUOTE) {
        boolean escaped = false;
        int end = position + 1;
        while (end < to && (bytes[end] != QUOTE || (end + 1 < to && bytes[end + 1] == QUOTE))) {
          if (bytes[end] == QUOTE) {
            escaped = true;
            end++;
          }
          end++;
        }
        String value = new String(bytes, position + 1, end - position - 1, charset);
        values.add(escaped ? value.replace("\"\"", "\"") : value);
        position = end + 1;
      } else {
        int end = position;
        while (end < to && bytes[end] != delimiter) {
          end++;
        }
        values.add(new String(bytes, position, end - position, charset));
        position = end;
      }
      if (position >= to) {
        return values;
      }
      position++;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

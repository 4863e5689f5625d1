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
 * rest of the file. However quotes lie, each byte is looked at four times at most.
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

  /** No record may be longer than this, whatever a feed allows. */
  public static final int MAX_RECORD_BYTES = 128 << 20;

  static final int UNKNOWN_FIELDS = 0;
  private static final byte QUOTE = '"';

  private final ByteWindow bytes;
  private final byte delimiter;
  private final int maxRecordBytes;
  private final LineScan line;
  private final LinesAhead ahead;
  private int expectedFields = UNKNOWN_FIELDS;
  private Newline newline;

  private int start;
  private int contentEnd;
  private int next;
  private boolean broken;
  private int fields;

  private CsvRecords(InputStream in, char delimiter, Newline newline, int maxRecordBytes) {
    if (delimiter > 127 || delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new IllegalArgumentException("not a delimiter: " + delimiter);
    }
    this.bytes = new ByteWindow(in, maxRecordBytes);
    this.delimiter = (byte) delimiter;
    this.newline = newline;
    this.maxRecordBytes = maxRecordBytes;
    this.line = new LineScan(bytes, this.delimiter);
    this.ahead = new LinesAhead(bytes, this.delimiter);
  }

  /** Reads a whole file from its first byte; the first record's end decides how records end. */
  public static CsvRecords ofFile(InputStream in, char delimiter) {
    return ofFile(in, delimiter, MAX_RECORD_BYTES);
  }

  /**
   * The same, for a file whose records have a budget.
   *
   * @param maxRecordBytes the longest record, its terminator excluded, up to {@link
   *     #MAX_RECORD_BYTES}; {@link #next} throws at a longer one
   */
  public static CsvRecords ofFile(InputStream in, char delimiter, int maxRecordBytes) {
    return new CsvRecords(in, delimiter, null, maxRecordBytes);
  }

  /** Reads a part of a file whose newline and number of fields are known. */
  public static CsvRecords ofPart(
      InputStream in, char delimiter, Newline newline, int expectedFields) {
    CsvRecords records = new CsvRecords(in, delimiter, newline, MAX_RECORD_BYTES);
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
   * @throws RecordTooLongException where the record is longer than the file's budget
   */
  public boolean next() throws IOException {
    start = next;
    if (bytes.wasteful(start)) {
      ahead.shift(start);
      bytes.dropBefore(start);
      start = 0;
    }
    if (!bytes.has(start, start)) {
      return false;
    }
    finish(scan());
    if (contentEnd - start > maxRecordBytes) {
      throw new RecordTooLongException(maxRecordBytes);
    }
    return true;
  }

  /** Returns where the record's terminator is, and sets what else is known of it. */
  private int scan() throws IOException {
    line.begin(start, /* quoted= */ false, newline);
    LineScan.Stop stop = line.advance(start + LineScan.MAX_QUOTED_BYTES);
    fields = 1 + line.delimiters();
    broken = stop != LineScan.Stop.RECORD_END;
    if (stop != LineScan.Stop.LINE_IN_QUOTES) {
      return broken ? line.skipToLineEnd() : line.position();
    }
    int lineEnd = line.position() - 1;
    int end = ahead.recordEnd(start, lineEnd + 1, fields, expectedFields, newline);
    broken = end == LinesAhead.NONE;
    if (broken) {
      return lineEnd;
    }
    fields += ahead.delimiters();
    return end;
  }

  private void finish(int terminator) throws IOException {
    contentEnd = terminator;
    next = terminator;
    if (!bytes.has(terminator, start)) {
      return;
    }
    next = terminator + 1;
    if (newline == null) {
      ahead.forget();
      if (bytes.crlfAt(terminator)) {
        next = terminator + 2;
        newline = Newline.LF;
      } else {
        newline = bytes.at(terminator) == '\r' ? Newline.CR : Newline.LF;
      }
    } else if (newline == Newline.LF && terminator > start && bytes.at(terminator - 1) == '\r') {
      contentEnd = terminator - 1;
    }
  }

  /** How many bytes were looked at so far, those of a second look counted again. */
  long scannedBytes() {
    return line.scannedBytes() + ahead.scannedBytes();
  }

  /** The buffer with the current record; valid until {@link #next()}. */
  public byte[] buffer() {
    return bytes.array();
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
    return Arrays.copyOfRange(bytes.array(), start, contentEnd);
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
      byte b = bytes.at(i);
      if (b != ' ' && b != '\t' && b != '\r' && b != delimiter) {
        return false;
      }
    }
    return true;
  }

  /** The current record's fields, unquoted. */
  public List<String> split(Charset charset) {
    return split(bytes.array(), start, contentEnd, (char) delimiter, charset);
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

  /** How many fields {@link #split} finds, without the memory that many fields need. */
  public static int countFields(byte[] record, char delimiter) {
    int fields = 1;
    boolean quotedField = false;
    boolean quoted = false;
    boolean fieldStart = true;
    for (byte b : record) {
      if (b == QUOTE && (fieldStart || quotedField)) {
        quotedField = true;
        quoted = !quoted;
        fieldStart = false;
      } else {
        fieldStart = !quoted && b == delimiter;
        if (fieldStart) {
          fields++;
          quotedField = false;
        }
      }
    }
    return fields;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}

package io.medallion.core.csv;

import io.medallion.core.csv.CsvRecords.Newline;
import io.medallion.core.csv.LineScan.Stop;
import java.io.IOException;

/**
 * Finds the end of records whose first line ends within a quoted field.
 *
 * <p>Where the lines after it lead to depends on nothing but the place at which they begin. So what
 * was found out for one record holds for the records that begin on the lines in between, where that
 * one turns out to be broken: two scans move over those lines, {@code head} as far as any record
 * needed and {@code tail} behind it, to the line after the current record's first. Neither ever
 * goes back. Were the lines scanned anew for each record, stray quotes would cost the square of a
 * file's size.
 */
final class LinesAhead {
  /** There is no such record: its quotes are unbalanced, or its number of fields is wrong. */
  static final int NONE = -1;

  private final LineScan tail;
  private final LineScan head;
  private Stop headStop = Stop.UNBALANCED;
  private int lastLineInQuotes = NONE;
  private int delimiters;

  LinesAhead(ByteWindow bytes, byte delimiter) {
    this.tail = new LineScan(bytes, delimiter);
    this.head = new LineScan(bytes, delimiter);
  }

  /**
   * Where a record ends.
   *
   * @param start where it begins
   * @param secondLine where its second line begins, within a quoted field
   * @param firstFields how many fields have begun on its first line
   * @param expectedFields how many it must have; {@link CsvRecords#UNKNOWN_FIELDS} for any
   * @return the place of its terminator, or {@link #NONE}
   */
  int recordEnd(int start, int secondLine, int firstFields, int expectedFields, Newline newline)
      throws IOException {
    moveTailTo(secondLine, newline);
    int limit = start + LineScan.MAX_QUOTED_BYTES;
    while (true) {
      delimiters = head.delimiters() - tail.delimiters();
      int fields = firstFields + delimiters;
      boolean known = expectedFields != CsvRecords.UNKNOWN_FIELDS;
      if (known && fields > expectedFields) {
        return NONE;
      }
      switch (headStop) {
        case UNBALANCED:
          return NONE;
        case RECORD_END:
          return !known || fields == expectedFields ? head.position() : NONE;
        default:
          headStop = head.advance(limit);
          if (headStop == Stop.LIMIT) {
            return NONE;
          }
          if (headStop == Stop.LINE_IN_QUOTES) {
            lastLineInQuotes = head.position();
          }
      }
    }
  }

  private void moveTailTo(int line, Newline newline) throws IOException {
    if (lastLineInQuotes < line) {
      tail.begin(line, /* quoted= */ true, newline);
      head.begin(line, /* quoted= */ true, newline);
      headStop = Stop.LINE_IN_QUOTES;
      lastLineInQuotes = line;
      return;
    }
    while (tail.position() < line) {
      tail.advance(Integer.MAX_VALUE);
    }
  }

  /** Forgets what was found out before it was known how records end. */
  void forget() {
    lastLineInQuotes = NONE;
  }

  /** Follows a window that drops its bytes before the start of the next record. */
  void shift(int dropped) throws IOException {
    if (lastLineInQuotes < dropped) {
      lastLineInQuotes = NONE;
      return;
    }
    while (tail.position() < dropped) {
      tail.advance(Integer.MAX_VALUE);
    }
    tail.shift(dropped);
    head.shift(dropped);
    lastLineInQuotes -= dropped;
  }

  /** Delimiters between fields of the record that was found, after its first line. */
  int delimiters() {
    return delimiters;
  }

  long scannedBytes() {
    return tail.scannedBytes() + head.scannedBytes();
  }
}

package io.medallion.core.csv;

import io.medallion.core.csv.CsvRecords.Newline;
import java.util.ArrayList;
import java.util.List;

/**
 * What the records of some bytes are, word for word as {@link CsvRecords} defines them: each record
 * is looked for from its own start, with no regard to how often a byte is looked at.
 */
final class DefinedRecords {
  private final byte[] bytes;
  private final int expectedFields;
  private Newline newline;

  private DefinedRecords(byte[] bytes, int expectedFields) {
    this.bytes = bytes;
    this.expectedFields = expectedFields;
  }

  /**
   * One record.
   *
   * @param end where it ends, its terminator excluded
   */
  record Cut(int start, int end, boolean broken) {}

  static List<Cut> of(byte[] bytes, int expectedFields) {
    return new DefinedRecords(bytes, expectedFields).cut();
  }

  private List<Cut> cut() {
    List<Cut> cuts = new ArrayList<>();
    int start = 0;
    while (start < bytes.length) {
      int end = wholeRecord(start);
      boolean broken = end < 0;
      if (broken) {
        end = lineEnd(start);
      }
      int next = Math.min(end + 1, bytes.length);
      if (newline == null && end < bytes.length) {
        if (crlf(end)) {
          next = end + 2;
          newline = Newline.LF;
        } else {
          newline = bytes[end] == '\r' ? Newline.CR : Newline.LF;
        }
      } else if (newline == Newline.LF
          && end < bytes.length
          && end > start
          && bytes[end - 1] == '\r') {
        end--;
      }
      cuts.add(new Cut(start, end, broken));
      start = next;
    }
    return cuts;
  }

  /** Where the record ends whose quotes and fields are in order, or -1 where it is not. */
  private int wholeRecord(int start) {
    int fields = 1;
    int at = start;
    boolean fieldStart = true;
    while (at < bytes.length && !terminator(at)) {
      if (bytes[at] == '"' && fieldStart) {
        at++;
        while (at < bytes.length && (bytes[at] != '"' || quote(at + 1))) {
          at += bytes[at] == '"' ? 2 : 1;
        }
        if (at >= bytes.length) {
          return -1;
        }
        at++;
        if (at < bytes.length && bytes[at] != ',' && !terminator(at) && !crlf(at)) {
          return -1;
        }
        fieldStart = false;
      } else {
        fieldStart = bytes[at] == ',';
        fields += fieldStart ? 1 : 0;
        at++;
      }
    }
    boolean severalLines = lineEnd(start) < at;
    return severalLines && expectedFields > 0 && fields != expectedFields ? -1 : at;
  }

  private boolean quote(int at) {
    return at < bytes.length && bytes[at] == '"';
  }

  private boolean crlf(int at) {
    return bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
  }

  private boolean terminator(int at) {
    return newline == null
        ? bytes[at] == '\n' || bytes[at] == '\r'
        : bytes[at] == (newline == Newline.CR ? '\r' : '\n');
  }

  private int lineEnd(int start) {
    int at = start;
    while (at < bytes.length && !terminator(at)) {
      at++;
    }
    return at;
  }
}

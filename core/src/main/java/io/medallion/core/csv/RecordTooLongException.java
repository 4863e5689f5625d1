package io.medallion.core.csv;

import java.io.IOException;

/** A file has no record end where any delimited text of its feed would have one. */
public final class RecordTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  RecordTooLongException(int maxRecordBytes) {
    super(
        "a record goes on for more than "
            + (maxRecordBytes >= 1 << 20
                ? (maxRecordBytes >> 20) + " MiB"
                : maxRecordBytes + " bytes")
            + ": this is not delimited text");
  }
}

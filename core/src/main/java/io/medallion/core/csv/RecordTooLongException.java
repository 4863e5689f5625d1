package io.medallion.core.csv;

import java.io.IOException;

/** A file has no record end where any delimited text would have one. */
public final class RecordTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  RecordTooLongException(String message) {
    super(message);
  }
}

package io.medallion.bronze;

import java.io.IOException;

/** A source was read without fault, and what it holds is damaged, cut or beyond its budget. */
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedFileException(String message) {
    super(message);
  }

  DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}

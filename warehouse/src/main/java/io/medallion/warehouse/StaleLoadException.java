package io.medallion.warehouse;

/**
 * Another load has advanced a table since this one read the control tables. Nothing was applied:
 * read them again.
 */
public final class StaleLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleLoadException(String message) {
    super(message);
  }
}

package io.medallion.warehouse;

/**
 * Another load has moved a table since this one looked at the books. Nothing was applied: look
 * again.
 */
public final class StaleLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleLoadException(String message) {
    super(message);
  }
}

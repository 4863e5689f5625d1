package io.medallion.core.ledger;

/** Records went missing or were counted twice; the batch commits nothing. */
public final class ConservationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConservationException(String message) {
    super(message);
  }
}

package io.medallion.core.ledger;

import java.util.OptionalLong;

/**
 * The ledger's numbers for the batches of one stream: asked for once, since a stream has
 * consecutive ones. Not thread-safe.
 */
public final class BatchNumbers {
  private final String job;
  private final String subject;
  private OptionalLong ofFirst = OptionalLong.empty();

  public BatchNumbers(String job, String subject) {
    this.job = job;
    this.subject = subject;
  }

  /** As {@link Ledger#number}, of whose stream all batches must be that are asked for here. */
  public long of(Ledger ledger, Entry.StreamBatch batch) {
    if (ofFirst.isEmpty()) {
      ofFirst = OptionalLong.of(ledger.number(job, subject, batch) - batch.number());
    }
    return ofFirst.getAsLong() + batch.number();
  }
}

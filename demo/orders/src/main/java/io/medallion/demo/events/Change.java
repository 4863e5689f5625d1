package io.medallion.demo.events;

import io.medallion.demo.orders.OrderLine;
import java.time.Instant;
import java.util.Optional;

/** The change of one order line that a sound event describes. */
sealed interface Change {
  OrderLine.Key key();

  /** When it happened; later ones count, whatever arrives when. */
  Instant at();

  /**
   * The line is inserted or replaced.
   *
   * @param operation as the source system names it
   * @param surplus value of a field that the contract lacks, where there is one
   */
  record Upsert(OrderLine line, String operation, Optional<String> surplus) implements Change {
    @Override
    public OrderLine.Key key() {
      return line.key();
    }

    @Override
    public Instant at() {
      return line.updatedAt().orElseThrow();
    }
  }

  /** The line is gone, said by an event without a value or by an operation. */
  record Delete(OrderLine.Key key, Instant at, boolean tombstone) implements Change {}
}

package io.medallion.demo.events;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event as it is to be sent.
 *
 * @param orderId what its partition is chosen by: the events of one order keep their order
 * @param key absent only where that is its fault
 * @param value absent for a tombstone
 * @param timestampMillis Kafka's timestamp, where it matters: of a tombstone, when the line was
 *     deleted; absent where the time of sending will do
 * @param meaning its meaning for the truth
 */
record OrderEvent(
    String orderId,
    Optional<byte[]> key,
    Optional<byte[]> value,
    OptionalLong timestampMillis,
    Meaning meaning) {

  /** What becomes of an event. */
  sealed interface Meaning {}

  record Sound(Change change) implements Meaning {}

  record Broken(EventFault fault) implements Meaning {}

  /** Whether no pipeline can take it. */
  public boolean broken() {
    return meaning instanceof Broken;
  }
}

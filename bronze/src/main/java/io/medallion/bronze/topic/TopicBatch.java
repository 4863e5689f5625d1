package io.medallion.bronze.topic;

import io.medallion.core.manifest.EventLanding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one batch of a topic's landing did.
 *
 * @param batchId its number in the ledger
 * @param landed a row of the manifest for every partition that brought events
 * @param lost ranges that were gone, and were recorded
 * @param times Kafka's timestamps of the events; absent where none landed
 */
public record TopicBatch(
    String feed,
    long batchId,
    List<EventLanding> landed,
    List<LostOffsets> lost,
    Optional<EventTimes> times,
    Duration duration) {

  public TopicBatch {
    landed = List.copyOf(landed);
    lost = List.copyOf(lost);
  }

  /** Events that landed. */
  public long records() {
    return landed.stream().mapToLong(EventLanding::recordCount).sum();
  }

  /** Bytes of the files that they were written to. */
  public long bytes() {
    return landed.stream().mapToLong(EventLanding::sizeBytes).sum();
  }
}

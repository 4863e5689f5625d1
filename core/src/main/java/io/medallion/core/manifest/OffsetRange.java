package io.medallion.core.manifest;

import java.io.Serializable;

/**
 * The events of a topic that a row of {@code bronze.manifest} names: those of one partition in one
 * batch of a stream.
 *
 * @param topicId the broker's id of the topic, which differs once the topic is deleted and made
 *     again; blank where the broker knows none
 * @param from the offset that the batch was to begin at
 * @param until the offset that it was to end before
 * @param first the smallest offset that landed
 * @param last the largest offset that landed
 * @param streamId Spark's id of the stream
 * @param batch the batch's number in the stream
 */
public record OffsetRange(
    String topic,
    String topicId,
    int partition,
    long from,
    long until,
    long first,
    long last,
    String streamId,
    long batch)
    implements Serializable {

  public OffsetRange {
    if (first < from || last >= until || first > last) {
      throw new IllegalArgumentException(
          "%s/%d: offsets %d to %d are not within [%d, %d)"
              .formatted(topic, partition, first, last, from, until));
    }
  }

  /** Where the events came from, as {@code bronze.manifest} names it. */
  public String sourceUri() {
    return "kafka:" + topic + "/" + partition;
  }
}

package io.medallion.bronze.topic;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How far a topic has landed, by the manifest.
 *
 * @param partitions for each partition of the topic, and of others that had its name before
 */
record LandedOffsets(String topic, List<Of> partitions) {

  LandedOffsets {
    partitions = List.copyOf(partitions);
  }

  /**
   * How far a partition has landed.
   *
   * @param until the offset after the last one
   * @param landingSeq when that was
   */
  record Of(String topicId, int partition, long until, long landingSeq) {}

  /** By partition, the offset to go on at; empty where nothing of that topic has landed. */
  Map<Integer, Long> until(String topicId) {
    Map<Integer, Long> until = new TreeMap<>();
    partitions.stream()
        .filter(of -> of.topicId().equals(topicId))
        .forEach(of -> until.put(of.partition(), of.until()));
    return until;
  }

  /**
   * What may have been lost because a topic of another id took the name; absent where it is the
   * topic that landed last, or where ids are not known.
   */
  Optional<List<LostOffsets>> recreatedAs(String topicId) {
    Optional<String> last =
        partitions.stream().max(Comparator.comparingLong(Of::landingSeq)).map(Of::topicId);
    if (last.isEmpty() || last.get().isEmpty() || topicId.isEmpty() || last.get().equals(topicId)) {
      return Optional.empty();
    }
    return Optional.of(
        partitions.stream()
            .filter(of -> of.topicId().equals(last.get()))
            .map(
                of ->
                    new LostOffsets(
                        topic,
                        of.topicId(),
                        of.partition(),
                        of.until(),
                        OptionalLong.empty(),
                        LostOffsets.RECREATED))
            .sorted(Comparator.comparingInt(LostOffsets::partition))
            .toList());
  }
}

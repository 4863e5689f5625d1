package io.medallion.bronze.topic;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where a topic is, and how it is read.
 *
 * @param bootstrapServers {@code host:port[,…]}
 * @param topic its name
 * @param options of Kafka's own client; may hold secrets, and is never printed
 * @param maxOffsetsPerTrigger events that one batch takes at most; absent for no limit
 * @param onDataLoss what happens where events are gone before they were read
 */
public record TopicSource(
    String bootstrapServers,
    String topic,
    Map<String, String> options,
    OptionalLong maxOffsetsPerTrigger,
    OnDataLoss onDataLoss) {

  /** What happens where the broker no longer has events that were not read. */
  public enum OnDataLoss {
    /** The landing ends with an error. */
    FAIL,
    /** The range is written to {@code ops.lost_offsets}, and the landing goes on after it. */
    RECORD
  }

  private static final String ISOLATION = "isolation.level";

  public TopicSource {
    if (bootstrapServers.isBlank() || topic.isBlank()) {
      throw new IllegalArgumentException("a topic needs a name and a broker");
    }
    options = Map.copyOf(options);
  }

  /**
   * The client's options, the broker's address included.
   *
   * <p>What a producer took back must not become a record: events of transactions count once they
   * are committed, unless the options say otherwise.
   */
  Map<String, String> clientOptions() {
    Map<String, String> all = new TreeMap<>(options);
    all.putIfAbsent(ISOLATION, "read_committed");
    all.put("bootstrap.servers", bootstrapServers);
    return all;
  }

  /** Which events of transactions are read: {@code read_committed} or {@code read_uncommitted}. */
  String isolation() {
    return clientOptions().get(ISOLATION);
  }

  @Override
  public String toString() {
    return "topic " + topic + " at " + bootstrapServers;
  }
}

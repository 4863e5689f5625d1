package io.medallion.bronze.topic;

import io.medallion.core.LakeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a broker about a topic: what it is, and which offsets it still has. */
final class TopicBroker implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TopicSource source;
  private final Admin admin;

  /**
   * @throws LakeException where the client's options are wrong
   */
  TopicBroker(TopicSource source) {
    this.source = source;
    Map<String, Object> options = new HashMap<>(source.clientOptions());
    options.putIfAbsent(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(PATIENCE.toMillis() / 2));
    options.putIfAbsent(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
    try {
      this.admin = Admin.create(options);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new LakeException(
          "no client for " + source + ": " + cause.getMessage(),
          "check --bootstrap-servers, --kafka-option and --kafka-properties",
          e);
    }
  }

  /**
   * A topic as it is now.
   *
   * @param id blank where the broker knows none
   * @param begin by partition, the first offset that it still has
   * @param end by partition, the offset that its next event will have
   */
  record State(String id, Map<Integer, Long> begin, Map<Integer, Long> end) {}

  /**
   * @throws LakeException where the topic does not exist, or no broker answers
   */
  State state() {
    TopicDescription topic =
        asked(() -> admin.describeTopics(List.of(source.topic())).allTopicNames())
            .get(source.topic());
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    topic
        .partitions()
        .forEach(
            p -> {
              TopicPartition partition = new TopicPartition(source.topic(), p.partition());
              earliest.put(partition, OffsetSpec.earliest());
              latest.put(partition, OffsetSpec.latest());
            });
    Map<Integer, Long> begin = new TreeMap<>();
    asked(() -> admin.listOffsets(earliest).all())
        .forEach((p, offset) -> begin.put(p.partition(), offset.offset()));
    Map<Integer, Long> end = new TreeMap<>();
    asked(() -> admin.listOffsets(latest).all())
        .forEach((p, offset) -> end.put(p.partition(), offset.offset()));
    Uuid id = topic.topicId();
    return new State(id == null || id.equals(Uuid.ZERO_UUID) ? "" : id.toString(), begin, end);
  }

  /** A broker that restarts answers late, or that it does not know the topic yet. */
  private <T> T asked(Supplier<KafkaFuture<T>> question) {
    for (int attempt = 1; ; attempt++) {
      try {
        return question.get().get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LakeException("asking about " + source + " was interrupted", "run it again", e);
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        boolean worthwhile =
            cause instanceof RetriableException && !(cause instanceof TimeoutException);
        if (!worthwhile || attempt == ATTEMPTS) {
          throw told(cause);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException("waiting for the broker was interrupted", "run it again", e);
    }
  }

  private LakeException told(Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      // Without its cause, which passes by elsewhere: here it has been asked for long enough.
      return new LakeException(
          "there is no " + source, "create the topic, or name another with --topic");
    }
    if (cause instanceof TimeoutException) {
      return new LakeException(
          "no broker at " + source.bootstrapServers() + " answered in time",
          "check --bootstrap-servers, that the broker runs and that its listener asks for the"
              + " security that --kafka-option or --kafka-properties name",
          cause);
    }
    return new LakeException(
        source + " cannot be read: " + cause.getMessage(),
        "give the user the right to describe and read the topic, or check the client's options",
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}

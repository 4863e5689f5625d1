package io.medallion.demo.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends generated order events to a topic, each once: the producer is idempotent, so neither order
 * nor number suffers where a broker is restarted.
 *
 * <p>A restarted broker forgets the producers whose last event in a partition is older, by the
 * event's own timestamp, than its {@code producer.id.expiration.ms} (a day unless set). A tombstone
 * has the time of its change: with a {@code start} of long ago, a restart may store the event that
 * is on its way twice. That is noticed and ends the sending.
 *
 * <p>An event's key is its order line's; its partition follows from the order id alone, so that the
 * lines of one order stay together. Nobody else may write to the topic meanwhile.
 */
public final class OrderProducer {
  private static final int LOOKS = 40;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final int MAX_REQUEST_BYTES = 8 << 20;
  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final int ASK_TIMEOUT_MILLIS = 15_000;

  private final Target target;
  private final EventOptions options;
  private final double rate;
  private final Optional<EventTruth> truth;

  /**
   * Where events go.
   *
   * @param partitions of the topic where it is made here; one that exists keeps its own
   * @param client further options of Kafka's client
   */
  public record Target(
      String bootstrapServers, String topic, int partitions, Map<String, String> client) {
    public Target {
      client = Map.copyOf(client);
    }
  }

  /**
   * What was sent.
   *
   * @param broken how many of the events no pipeline can take
   * @param bytes of keys and values
   */
  public record Produced(long events, long broken, long bytes, int partitions, Duration duration) {}

  /**
   * @param rate events per second; 0 sends as fast as the broker takes them
   * @param truth takes note of every event; absent for none, which costs no memory
   */
  public OrderProducer(
      Target target, EventOptions options, double rate, Optional<EventTruth> truth) {
    if (!(rate >= 0)) {
      throw new IllegalArgumentException("rate is %s; it must be at least 0".formatted(rate));
    }
    this.target = target;
    this.options = options;
    this.rate = rate;
    this.truth = truth;
  }

  /**
   * Sends the events, and returns when the broker has them all.
   *
   * @param progress called every few seconds with the number sent
   * @param ended asked before each event; what has been sent by then is all there is
   * @throws IllegalStateException where the broker does not answer or refuses
   */
  public Produced produce(LongConsumer progress, BooleanSupplier ended)
      throws InterruptedException {
    long[] next = offsets();
    AtomicReference<Exception> failure = new AtomicReference<>();
    long began = System.nanoTime();
    long told = began;
    long sent = 0;
    long broken = 0;
    long bytes = 0;
    OrderEvents events = OrderEvents.of(options);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      while (events.hasNext() && failure.get() == null && !ended.getAsBoolean()) {
        pause(began, sent);
        OrderEvent event = events.next();
        int partition =
            Utils.toPositive(Utils.murmur2(event.orderId().getBytes(UTF_8))) % next.length;
        long offset = next[partition]++;
        truth.ifPresent(t -> t.sent("kafka:" + target.topic() + "/" + partition, offset, event));
        byte[] key = event.key().orElse(null);
        byte[] value = event.value().orElse(null);
        Long timestamp =
            event.timestampMillis().isPresent() ? event.timestampMillis().getAsLong() : null;
        producer.send(
            new ProducerRecord<>(target.topic(), partition, timestamp, key, value),
            (metadata, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              } else if (metadata.offset() != offset) {
                failure.compareAndSet(null, unexpected(partition, offset, metadata.offset()));
              }
            });
        sent++;
        broken += event.broken() ? 1 : 0;
        bytes += (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        if (System.nanoTime() - told > PROGRESS.toNanos()) {
          told = System.nanoTime();
          progress.accept(sent);
        }
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException(
          "sending to " + target.topic() + " failed: " + failure.get().getMessage(), failure.get());
    }
    return new Produced(
        sent, broken, bytes, next.length, Duration.ofNanos(System.nanoTime() - began));
  }

  private Exception unexpected(int partition, long expected, long found) {
    return new IllegalStateException(
        ("an event got offset %d of %s/%d where %d was due: somebody else writes to the topic, or the"
                + " broker was restarted and had forgotten this producer (producer.id.expiration.ms)")
            .formatted(found, target.topic(), partition, expected));
  }

  /** Events come evenly; what is late after a pause is made up for. */
  private void pause(long began, long sent) throws InterruptedException {
    if (rate == 0) {
      return;
    }
    long wait = began + (long) (sent / rate * 1e9) - System.nanoTime();
    if (wait > 0) {
      Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
    }
  }

  private Map<String, Object> client() {
    Map<String, Object> client = new HashMap<>(target.client());
    client.put("bootstrap.servers", target.bootstrapServers());
    client.put("enable.idempotence", true);
    // A restarted broker remembers a producer's last batch only: of two whose answers were lost, it
    // would store the first twice.
    client.put("max.in.flight.requests.per.connection", 1);
    client.put("acks", "all");
    client.put("linger.ms", 5);
    client.put("max.request.size", MAX_REQUEST_BYTES);
    // Brokers take a megabyte by default; five of the same letter are less than that.
    client.put("compression.type", "lz4");
    return client;
  }

  /** By partition, the next offset; the topic is made where there is none. */
  private long[] offsets() throws InterruptedException {
    Map<String, Object> client = new HashMap<>(target.client());
    client.put("bootstrap.servers", target.bootstrapServers());
    client.putIfAbsent("default.api.timeout.ms", ASK_TIMEOUT_MILLIS);
    client.putIfAbsent("request.timeout.ms", ASK_TIMEOUT_MILLIS / 3);
    try (Admin admin = Admin.create(client)) {
      int partitions = partitions(admin);
      Map<TopicPartition, OffsetSpec> asked =
          IntStream.range(0, partitions)
              .mapToObj(p -> new TopicPartition(target.topic(), p))
              .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      long[] next = new long[partitions];
      latest(admin, asked)
          .forEach((partition, offset) -> next[partition.partition()] = offset.offset());
      return next;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the broker at %s does not answer: %s"
              .formatted(target.bootstrapServers(), e.getCause().getMessage()),
          e.getCause());
    }
  }

  private int partitions(Admin admin) throws ExecutionException, InterruptedException {
    try {
      return described(admin);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    try {
      admin
          .createTopics(
              List.of(
                  new NewTopic(target.topic(), Optional.of(target.partitions()), Optional.empty())))
          .all()
          .get();
      return target.partitions();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return described(admin);
      }
      throw e;
    }
  }

  /** A topic that was made a moment ago is not known to its leader at once. */
  private static Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> latest(
      Admin admin, Map<TopicPartition, OffsetSpec> asked)
      throws ExecutionException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return admin.listOffsets(asked).all().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || attempt == LOOKS) {
          throw e;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  private int described(Admin admin) throws ExecutionException, InterruptedException {
    return admin
        .describeTopics(List.of(target.topic()))
        .allTopicNames()
        .get()
        .get(target.topic())
        .partitions()
        .size();
  }
}

package io.medallion.jobs;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic that events are sent to, each once. */
public final class EventTopic implements AutoCloseable {
  private final String name;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TreeSet<String> broken = new TreeSet<>();

  public EventTopic(String servers, String name, int partitions)
      throws ExecutionException, InterruptedException {
    this.name = name;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                servers,
                "linger.ms",
                0,
                "enable.idempotence",
                true,
                "max.request.size",
                5_000_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends an event, and returns when the broker has it. */
  public synchronized void send(SalesEvents.Event event)
      throws ExecutionException, InterruptedException {
    RecordMetadata sent =
        producer
            .send(
                new ProducerRecord<>(
                    name, null, event.timestampMillis(), event.key(), event.value()))
            .get();
    if (event.broken()) {
      broken.add("kafka:" + name + "/" + sent.partition() + " " + sent.offset());
    }
  }

  /** Where the broken ones are, as {@code source offset}. */
  synchronized TreeSet<String> broken() {
    return new TreeSet<>(broken);
  }

  @Override
  public void close() {
    producer.close();
  }
}

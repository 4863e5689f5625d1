package io.medallion.testkit.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {
  private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

  @TempDir private static Path folder;
  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static void send(String topic, int partition, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "max.request.size", 10_000_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, partition, LONG_AGO.toEpochMilli(), null, value))
          .get();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int partition, int count) {
    TopicPartition from = new TopicPartition(topic, partition);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(from));
      consumer.seekToBeginning(List.of(from));
      Instant deadline = Instant.now().plusSeconds(20);
      while (records.size() < count && Instant.now().isBefore(deadline)) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private static Set<String> topics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin.listTopics().names().get();
    }
  }

  @Test
  void keepsAddressTopicsAndEventsOverARestart() throws Exception {
    String address = broker.bootstrapServers();
    broker.createTopic("kept", 2);
    send("kept", 1, "before".getBytes(UTF_8));

    broker.stop();
    broker.restart();
    send("kept", 1, "after".getBytes(UTF_8));

    assertThat(broker.bootstrapServers()).isEqualTo(address).startsWith("127.0.0.1:");
    assertThat(read("kept", 1, 2))
        .extracting(
            ConsumerRecord::offset,
            record -> new String(record.value(), UTF_8),
            ConsumerRecord::timestamp)
        .containsExactly(
            tuple(0L, "before", LONG_AGO.toEpochMilli()),
            tuple(1L, "after", LONG_AGO.toEpochMilli()));
  }

  @Test
  void takesAValueOfFiveMegabytes() throws Exception {
    broker.createTopic("large", 1);

    send("large", 0, new byte[5_000_000]);

    assertThat(read("large", 0, 1)).extracting(r -> r.value().length).containsExactly(5_000_000);
  }

  @Test
  void aTopicThatIsDeletedCanBeMadeAgainAndIsEmpty() throws Exception {
    broker.createTopic("again", 1);
    send("again", 0, "old".getBytes(UTF_8));

    broker.deleteTopic("again");
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (topics().contains("again")) {
      assertThat(System.nanoTime()).as("the topic is still there").isLessThan(deadline);
    }
    broker.createTopic("again", 1);
    send("again", 0, "new".getBytes(UTF_8));

    assertThat(read("again", 0, 1))
        .extracting(ConsumerRecord::offset, record -> new String(record.value(), UTF_8))
        .containsExactly(tuple(0L, "new"));
  }

  @Test
  void saysWhyATopicCannotBeMade() {
    broker.createTopic("twice", 1);

    assertThatThrownBy(() -> broker.createTopic("twice", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the broker refused: Topic 'twice' already exists.");
    assertThatThrownBy(() -> broker.deleteTopic("absent"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the broker refused: This server does not host this topic-partition.");
  }

  @Test
  void itsLibrariesAreNotOnTheClassPathOfSpark() {
    assertThatThrownBy(() -> Class.forName("kafka.server.KafkaRaftServer"))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessage("kafka.server.KafkaRaftServer");
  }
}

package io.medallion.demo.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderProducerTest {
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

  private static OrderProducer.Target target(String topic) {
    return new OrderProducer.Target(broker.bootstrapServers(), topic, 3, Map.of());
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Test
  void everyEventIsSentOnceAndAnOrderStaysInOnePartition() throws Exception {
    EventTruth truth = new EventTruth();

    OrderProducer.Produced produced =
        new OrderProducer(target("orders"), EventOptions.of(1_500), 0, Optional.of(truth))
            .produce(sent -> {}, () -> false);

    List<ConsumerRecord<byte[], byte[]>> records = read("orders", 1_500);
    assertThat(records).hasSize(1_500);
    assertThat(produced.events()).isEqualTo(1_500);
    assertThat(produced.broken()).isEqualTo(30);
    assertThat(produced.partitions()).isEqualTo(3);
    Map<String, Integer> partitionOf = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      if (key.startsWith("{")) {
        String order = key.substring(0, key.indexOf(",\"row_id\""));
        assertThat(partitionOf.computeIfAbsent(order, o -> record.partition()))
            .as(order)
            .isEqualTo(record.partition());
      }
    }
    truth.write(folder.resolve("truth"));
    assertThat(Files.readString(folder.resolve("truth/fates.csv")))
        .contains("kafka:orders/0,", "kafka:orders/1,", "kafka:orders/2,");
    assertThat(Files.readAllLines(folder.resolve("truth/quarantine.csv")))
        .as("and the header")
        .hasSize(31);
  }

  @Test
  void aRestartOfTheBrokerNeitherLosesNorRepeatsAnEvent() throws Exception {
    OrderProducer producer =
        new OrderProducer(
            target("restarted"), EventOptions.of(1_000).withFaultRate(0), 400, Optional.empty());
    Thread restart =
        new Thread(
            () -> {
              try {
                Thread.sleep(800);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              broker.stop();
              broker.restart();
            });
    restart.start();

    producer.produce(sent -> {}, () -> false);
    restart.join();

    assertThat(read("restarted", 1_000)).hasSize(1_000);
  }

  @Test
  void theRateIsKept() throws Exception {
    OrderProducer.Produced produced =
        new OrderProducer(target("paced"), EventOptions.of(300), 200, Optional.empty())
            .produce(sent -> {}, () -> false);

    assertThat(produced.duration()).isBetween(Duration.ofMillis(1_400), Duration.ofSeconds(5));
  }

  @Test
  void aSecondProductionGoesOnAtTheOffsetsOfTheFirst() throws Exception {
    new OrderProducer(target("twice"), EventOptions.of(100), 0, Optional.empty())
        .produce(sent -> {}, () -> false);
    EventTruth truth = new EventTruth();
    new OrderProducer(
            target("twice"), EventOptions.of(100).withFaultRate(0.5), 0, Optional.of(truth))
        .produce(sent -> {}, () -> false);

    truth.write(folder.resolve("second"));

    List<Long> offsets =
        Files.readAllLines(folder.resolve("second/quarantine.csv")).stream()
            .skip(1)
            .map(line -> Long.valueOf(line.split(",")[1]))
            .toList();
    assertThat(offsets).hasSize(50).allMatch(offset -> offset >= 20);
  }

  @Test
  void saysThatNoBrokerAnswers() {
    OrderProducer producer =
        new OrderProducer(
            new OrderProducer.Target(
                "127.0.0.1:1",
                "orders",
                1,
                Map.of("default.api.timeout.ms", "1500", "request.timeout.ms", "1000")),
            EventOptions.of(10),
            0,
            Optional.empty());

    assertThatThrownBy(() -> producer.produce(sent -> {}, () -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the broker at 127.0.0.1:1 does not answer: ");
  }
}

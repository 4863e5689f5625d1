package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.HookedClock;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events of transactions: what was taken back does not land, and marks are no events. */
@Tag("slow")
class TopicTransactionsTest extends TopicOfBroker {
  private KafkaProducer<byte[], byte[]> transactional() {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "transactional.id", fixture.topic),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private void send(KafkaProducer<byte[], byte[]> producer, String... values) throws Exception {
    producer.beginTransaction();
    for (String value : values) {
      producer.send(new ProducerRecord<>(fixture.topic, 0, null, value.getBytes(UTF_8))).get();
    }
  }

  @Test
  void eventsOfAbortedTransactionsDoNotLandAndMarksAreNoLoss() throws Exception {
    fixture.create(1);
    try (KafkaProducer<byte[], byte[]> producer = transactional()) {
      send(producer, "a", "b");
      producer.commitTransaction();
      send(producer, "taken back", "too");
      producer.abortTransaction();
      send(producer, "c");
      producer.commitTransaction();

      fixture.land();

      assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b", "0/6 c");
      assertThat(fixture.ranges()).containsExactly("0: [0, 8) 0-6 3");
      assertThat(fixture.lost()).isEmpty();
      assertThat(fixture.recorded()).containsExactly("0: 1, 3");
      assertThat(fixture.manifest().delta().history(1).select("userMetadata").first().getString(0))
          .isEqualTo("{\"isolation\":\"read_committed\"}");

      send(producer, "aborted alone");
      producer.abortTransaction();
      fixture.land();
      send(producer, "d");
      producer.commitTransaction();
      fixture.land();
      assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b", "0/6 c", "0/10 d");
      assertThat(fixture.lost()).isEmpty();
      assertThat(fixture.land()).isEmpty();
    }
  }

  @Test
  void eventsOfOpenTransactionsWaitUnlessUncommittedOnesAreAskedFor() throws Exception {
    fixture.create(1);
    try (KafkaProducer<byte[], byte[]> producer = transactional()) {
      send(producer, "open");

      fixture.land();
      assertThat(fixture.files()).isEmpty();

      fixture
          .landing(
              new TopicSource(
                  broker.bootstrapServers(),
                  fixture.topic,
                  Map.of("isolation.level", "read_uncommitted"),
                  OptionalLong.empty(),
                  TopicSource.OnDataLoss.FAIL),
              new HookedClock(TopicFixture.NOW))
          .run(Trigger.AvailableNow(), batch -> {});
      assertThat(fixture.events()).containsExactly("0/0 open");
      producer.commitTransaction();
    }
  }
}

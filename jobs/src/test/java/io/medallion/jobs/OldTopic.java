package io.medallion.jobs;

import static org.apache.spark.sql.functions.max;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.sql.Row;

/**
 * What an old lake has landed of a topic, each event at the offset that it had. It is another topic
 * to a lake, by its id: the old lake itself cannot go on with it.
 */
final class OldTopic implements AutoCloseable {
  private static final String TOPIC = "sales_orders";

  /** One kind of broken event is larger than the client sends by default. */
  private static final int LARGEST_BYTES = 8 << 20;

  private final KafkaBroker broker;

  private OldTopic(KafkaBroker broker) {
    this.broker = broker;
  }

  /**
   * Starts a broker with the topic.
   *
   * @param old the lake that has landed them
   * @param events Parquet files of all events of the topic, as bronze lands them
   * @param folder for what the broker stores
   */
  static OldTopic of(TestLake old, Path events, Path folder) throws Exception {
    List<Row> rows =
        LocalSession.shared()
            .read()
            .option("recursiveFileLookup", true)
            .parquet(events.toString())
            .join(
                old.table("bronze.manifest")
                    .read()
                    .where("feed = 'sales_events'")
                    .groupBy("offsets.partition")
                    .agg(max("offsets.until_offset").as("until")),
                "partition")
            .where("offset < until")
            .select("partition", "offset", "timestamp", "key", "value")
            .orderBy("partition", "offset")
            .collectAsList();
    KafkaBroker broker = KafkaBroker.start(folder);
    broker.createTopic(TOPIC, 1 + rows.get(rows.size() - 1).getInt(0));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "max.request.size", LARGEST_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (Row row : rows) {
        long offset =
            producer
                .send(
                    new ProducerRecord<>(
                        TOPIC,
                        row.getInt(0),
                        row.<Timestamp>getAs("timestamp").getTime(),
                        row.<byte[]>getAs("key"),
                        row.<byte[]>getAs("value")))
                .get()
                .offset();
        assertThat(offset).isEqualTo(row.getLong(1));
      }
    }
    return new OldTopic(broker);
  }

  TopicSource source() {
    return new TopicSource(
        broker.bootstrapServers(),
        TOPIC,
        Map.of(),
        OptionalLong.of(100),
        TopicSource.OnDataLoss.FAIL);
  }

  @Override
  public void close() {
    broker.close();
  }
}

package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.bronze.HookedClock;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.OffsetRange;
import io.medallion.core.topic.Envelope;
import io.medallion.testkit.LocalSession;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.Trigger;

/** A topic of a real broker, and a lake that it lands in. */
final class TopicFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-20T23:30:00Z");
  private static final String CONTRACT =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: test.orders
      version: "1.0.0"
      status: active
      schema:
        - name: orders
          logicalType: object
          description: An order.
          properties:
            - {name: id, logicalType: string, required: true, primaryKey: true}
          customProperties:
            - property: feeds
              value:
                - {name: orders, format: csv}
                - {name: events, kind: topic, topic: unused, format: json}
      """;

  final String topic;
  final Lake lake;
  private final Path folder;
  private final String servers;
  private final Admin admin;
  private KafkaProducer<byte[], byte[]> producer;

  TopicFixture(String servers, String topic, Path folder) {
    this.servers = servers;
    this.topic = topic;
    this.folder = folder;
    this.lake = new Lake(folder.toString());
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
    this.producer = producer(servers);
  }

  private static KafkaProducer<byte[], byte[]> producer(String servers) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers, "linger.ms", 0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  void create(int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  void delete() throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    while (admin.listTopics().names().get().contains(topic)) {
      Thread.sleep(50);
    }
    // A producer that knew the topic takes its time to notice that it is another one.
    producer.close();
    producer = producer(servers);
  }

  void grow(int partitions) throws Exception {
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
  }

  void removeBefore(int partition, long offset) throws Exception {
    admin
        .deleteRecords(
            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  /** Sends values to a partition; returns the last offset. */
  long send(int partition, String... values) throws Exception {
    long last = -1;
    for (String value : values) {
      last =
          send(
              new ProducerRecord<>(topic, partition, null, null, value.getBytes(UTF_8), List.of()));
    }
    return last;
  }

  long send(ProducerRecord<byte[], byte[]> record) throws InterruptedException, ExecutionException {
    return producer.send(record).get().offset();
  }

  static Contract contract() {
    return new ContractReader().read("orders.yaml", CONTRACT.getBytes(UTF_8));
  }

  TopicSource source(TopicSource.OnDataLoss onDataLoss) {
    return new TopicSource(servers, topic, Map.of(), OptionalLong.empty(), onDataLoss);
  }

  List<TopicBatch> land() {
    return land(TopicSource.OnDataLoss.FAIL, new HookedClock(NOW));
  }

  List<TopicBatch> landAndRecord() {
    return land(TopicSource.OnDataLoss.RECORD, new HookedClock(NOW));
  }

  List<TopicBatch> land(TopicSource.OnDataLoss onDataLoss, Clock clock) {
    List<TopicBatch> batches = new ArrayList<>();
    landing(source(onDataLoss), clock).run(Trigger.AvailableNow(), batches::add);
    return batches;
  }

  TopicLanding landing(TopicSource source, Clock clock) {
    Contract contract = contract();
    return new TopicLanding(
        LocalSession.shared(),
        lake,
        ledger(),
        contract,
        contract.feed("events"),
        source,
        clock,
        "run");
  }

  LakeTable manifest() {
    return lake.manifest(LocalSession.shared());
  }

  List<ManifestFile> files() {
    return manifest().read().orderBy("landing_seq").collectAsList().stream()
        .map(Manifest::file)
        .toList();
  }

  /** What the manifest says, as {@code partition: [from, until) first-last count}. */
  List<String> ranges() {
    return files().stream()
        .map(
            f -> {
              OffsetRange o = ((EventLanding) f).offsets();
              return "%d: [%d, %d) %d-%d %d"
                  .formatted(
                      o.partition(), o.from(), o.until(), o.first(), o.last(), f.recordCount());
            })
        .toList();
  }

  /** What the manifest names, as {@code partition/offset value}, ordered. */
  List<String> events() {
    List<String> paths =
        files().stream()
            .flatMap(f -> f.parts().stream())
            .map(part -> lake.root() + "/" + part.path())
            .toList();
    return LocalSession.shared()
        .read()
        .schema(Envelope.SCHEMA)
        .parquet(paths.toArray(String[]::new))
        .orderBy(Envelope.PARTITION, Envelope.OFFSET)
        .collectAsList()
        .stream()
        .map(r -> r.getInt(1) + "/" + r.getLong(2) + " " + new String(r.<byte[]>getAs(7), UTF_8))
        .toList();
  }

  /** Rows of the ledger as {@code batch: partitions, events}. */
  List<String> recorded() {
    return ledger()
        .table()
        .read()
        .where("job = 'bronze' AND subject = 'events'")
        .orderBy("batch_id")
        .select("batch_id", "files_in", "rows_in")
        .collectAsList()
        .stream()
        .map(r -> r.getLong(0) + ": " + r.getLong(1) + ", " + r.getLong(2))
        .toList();
  }

  List<String> lost() {
    LakeTable table = LostOffsets.table(LocalSession.shared(), lake);
    return !table.exists()
        ? List.of()
        : table
            .read()
            .orderBy("partition", "from_offset")
            .select("partition", "from_offset", "until_offset", "reason")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
  }

  Ledger ledger() {
    return new Ledger(LocalSession.shared(), lake);
  }

  List<Long> versions() {
    return List.of(manifest().version(), ledger().table().version());
  }

  /** Landed files of the feed and the files beside them, by path. */
  TreeSet<String> filesOfTheFeed() {
    try (Stream<Path> files = Files.walk(folder.resolve("bronze/events"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(file -> !file.endsWith(".crc") && !file.endsWith("_SUCCESS"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TreeSet<String> filesOfTheManifest() {
    return files().stream()
        .flatMap(file -> file.parts().stream())
        .map(ManifestFile.Part::path)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  void loseCheckpoint() throws IOException {
    FileUtils.deleteDirectory(new File(lake.root() + "/_checkpoints/bronze/events"));
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}

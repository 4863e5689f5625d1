package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.medallion.bronze.BronzeLanding;
import io.medallion.bronze.FileLander;
import io.medallion.core.Digest;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.OffsetRange;
import io.medallion.core.manifest.Receipt;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.topic.Envelope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Lands one batch of a topic after the other. Not thread-safe. */
final class TopicBatchLander {
  static final String JOB = "bronze";

  /** Numbers of a manifest version that files never get, and how many each feed may use of them. */
  private static final long FIRST_NUMBER = BronzeLanding.FILES_PER_LANDING / 2;

  private static final long NUMBERS_PER_FEED = 10_000;

  private final SparkSession spark;
  private final Lake lake;
  private final Contract contract;
  private final Feed feed;
  private final TopicSource source;
  private final Clock clock;
  private final String runId;
  private final TopicBroker broker;
  private final String topicId;
  private final LakeTable manifest;
  private final Ledger ledger;
  private final PendingFolders folders;
  private StreamOffsets log;
  private Map<Integer, Long> expected = Map.of();

  TopicBatchLander(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Feed feed,
      TopicSource source,
      Clock clock,
      String runId,
      TopicBroker broker,
      String topicId) {
    this.spark = spark;
    this.lake = lake;
    this.contract = contract;
    this.feed = feed;
    this.source = source;
    this.clock = clock;
    this.runId = runId;
    this.broker = broker;
    this.topicId = topicId;
    this.manifest = lake.manifest(spark);
    this.ledger = ledger;
    this.folders =
        new PendingFolders(lake.root(), feed.name(), spark.sparkContext().hadoopConfiguration());
  }

  /** Follows the stream that {@code log} is of, from {@code start} on. */
  void follow(StreamOffsets streamLog, Map<Integer, Long> start) {
    this.log = streamLog;
    this.expected = start;
  }

  /** By partition, the offset that was to be landed next when the last batch began. */
  Map<Integer, Long> expected() {
    return expected;
  }

  /** Records an earlier landing's committed batch, and removes folders that it did not commit. */
  void recover() {
    Recovery.complete(ledger, JOB, feed.name(), any -> unrecorded());
    folders.sweep(
        folder ->
            !manifest
                .read()
                .where(col("feed").equalTo(feed.name()))
                .where(col("parts").getItem(0).getField("path").startsWith(folder + "/"))
                .isEmpty());
  }

  /** The last batch that the manifest has, where the ledger's last entry is of another one. */
  private List<Entry> unrecorded() {
    List<EventLanding> last = lastBatch();
    if (last.isEmpty()) {
      return List.of();
    }
    Entry.StreamBatch stream = stream(last.get(0).offsets());
    Optional<Entry> recorded = ledger.last(JOB, feed.name());
    return recorded.filter(entry -> entry.stream().equals(stream)).isPresent()
        ? List.of()
        : List.of(
            entry(last, stream, ledger.number(JOB, feed.name(), stream), last.get(0).landedAt()));
  }

  private static Entry.StreamBatch stream(OffsetRange range) {
    return new Entry.StreamBatch(range.streamId(), range.batch());
  }

  private List<EventLanding> lastBatch() {
    Dataset<Row> ofFeed =
        manifest.read().where(col("feed").equalTo(feed.name()).and(col("offsets").isNotNull()));
    List<Row> last = ofFeed.orderBy(col("landing_seq").desc()).limit(1).collectAsList();
    if (last.isEmpty()) {
      return List.of();
    }
    OffsetRange range = ((EventLanding) Manifest.file(last.get(0))).offsets();
    return ofFeed
        .where(col("offsets.stream_id").equalTo(range.streamId()))
        .where(col("offsets.batch").equalTo(range.batch()))
        .collectAsList()
        .stream()
        .map(row -> (EventLanding) Manifest.file(row))
        .toList();
  }

  /**
   * Lands a batch.
   *
   * @return what it did; absent where it had landed before, or brought nothing
   * @throws LakeException where the topic is another one now, or events are gone and that is not to
   *     be recorded
   */
  Optional<TopicBatch> land(Dataset<Row> rows, long batch) {
    Instant started = clock.instant();
    SparkSession session = rows.sparkSession();
    String streamId = session.sparkContext().getLocalProperty("sql.streaming.queryId");
    if (manifest.lastTransaction(application(streamId)).orElse(-1) >= batch) {
      return Optional.empty();
    }
    Map<Integer, Long> from = log.until(batch - 1).orElse(expected);
    Map<Integer, Long> until = log.until(batch).orElseThrow();
    expected = from;
    try (InterpretedPlans plans =
        InterpretedPlans.of(session, InterpretedPlans.few(session, asked(from, until)))) {
      return land(rows, started, new Entry.StreamBatch(streamId, batch), from, until);
    }
  }

  private static long asked(Map<Integer, Long> from, Map<Integer, Long> until) {
    return until.entrySet().stream()
        .mapToLong(end -> end.getValue() - from.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  private Optional<TopicBatch> land(
      Dataset<Row> rows,
      Instant started,
      Entry.StreamBatch stream,
      Map<Integer, Long> from,
      Map<Integer, Long> until) {
    SparkSession session = rows.sparkSession();
    PendingFolders.Pending pending = folders.begin(folder(started));
    write(rows, pending);
    LandedSlices slices =
        LandedSlices.of(session, lake, source.topic(), pending.folder(), from, until);
    TopicBroker.State now = broker.state();
    checkIdentity(now);
    List<LostOffsets> lost =
        slices.missing(topicId, now.begin(), stream.number() > 0 || !from.isEmpty());
    if (!lost.isEmpty() && source.onDataLoss() == TopicSource.OnDataLoss.FAIL) {
      throw TopicLanding.gone(source, lost);
    }
    record(lost, stream.streamId(), stream.number());
    List<EventLanding> files = List.of();
    long number = -1;
    if (slices.empty()) {
      folders.discard(pending);
    } else {
      files = files(slices, stream, started);
      commit(files, stream);
      folders.committed(pending);
      number = ledger.number(JOB, feed.name(), stream);
      ledger.append(entry(files, stream, number, started));
    }
    return files.isEmpty() && lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TopicBatch(
                feed.name(),
                number,
                files,
                lost,
                slices.times(),
                Duration.between(started, clock.instant())));
  }

  /**
   * @throws LakeException where the topic is not the one that this landing began with
   */
  void checkIdentity(TopicBroker.State now) {
    if (!now.id().equals(topicId)) {
      throw new LakeException(
          source + " was deleted and made again while it was landed; nothing of the new one landed",
          "run the command again: it tells what was lost, and how to go on");
    }
  }

  /** Writes down what is gone, once per stream and batch. */
  void record(List<LostOffsets> lost, String streamId, long batch) {
    LostOffsets.write(
        LostOffsets.table(spark, lake), feed.name(), lost, runId, clock.instant(), streamId, batch);
  }

  private String folder(Instant at) {
    ZonedDateTime utc = at.atZone(ZoneOffset.UTC);
    String landing = lake.landing(feed.name(), utc.toLocalDate());
    return landing.substring(lake.root().length() + 1) + "/hour=%02d".formatted(utc.getHour());
  }

  private void write(Dataset<Row> rows, PendingFolders.Pending pending) {
    rows.sparkSession().conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    rows.select(
            col("topic").as(Envelope.TOPIC),
            col("partition").as(Envelope.PARTITION),
            col("offset").as(Envelope.OFFSET),
            col("timestamp").as(Envelope.TIMESTAMP),
            when(col("timestampType").equalTo(0), lit("create"))
                .when(col("timestampType").equalTo(1), lit("append"))
                .as(Envelope.TIMESTAMP_TYPE),
            col("key").as(Envelope.KEY),
            col("headers").as(Envelope.HEADERS),
            col("value").as(Envelope.VALUE))
        .write()
        // No two are alike: to look for those that are would cost more than it saves.
        .option("parquet.enable.dictionary#" + Envelope.VALUE, false)
        .parquet(lake.root() + "/" + pending.folder());
  }

  private List<EventLanding> files(
      LandedSlices slices, Entry.StreamBatch stream, Instant landedAt) {
    long first =
        (manifest.version() + 1) * BronzeLanding.FILES_PER_LANDING
            + FIRST_NUMBER
            + contract.feeds().indexOf(feed) * NUMBERS_PER_FEED;
    List<EventLanding> files = new ArrayList<>();
    for (LandedSlices.Slice slice : slices.slices()) {
      OffsetRange range =
          new OffsetRange(
              source.topic(),
              topicId,
              slice.partition(),
              slice.from(),
              slice.until(),
              slice.first(),
              slice.last(),
              stream.streamId(),
              stream.number());
      files.add(
          new EventLanding(
              new Receipt(
                  fileId(range),
                  feed.name(),
                  landedAt,
                  first + files.size(),
                  runId,
                  contract.version()),
              range,
              slice.parts()));
    }
    return files;
  }

  private String fileId(OffsetRange range) {
    String identity =
        String.join(
            "\n",
            feed.name(),
            range.topic(),
            range.topicId(),
            String.valueOf(range.partition()),
            String.valueOf(range.first()),
            range.streamId(),
            String.valueOf(range.batch()));
    return Digest.sha256(identity.getBytes(UTF_8)).substring(0, FileLander.FILE_ID_DIGITS);
  }

  private String application(String streamId) {
    return "medallion/bronze/" + feed.name() + "/" + streamId;
  }

  private void commit(List<EventLanding> files, Entry.StreamBatch stream) {
    manifest.append(
        files.stream().map(Manifest::row).toList(),
        Optional.of(
            new CommitLabel(
                application(stream.streamId()),
                stream.number(),
                Optional.of("{\"isolation\":\"" + source.isolation() + "\"}"))));
  }

  private Entry entry(
      List<EventLanding> files, Entry.StreamBatch stream, long number, Instant started) {
    return Entry.ofBatch(JOB, feed.name(), number)
        .runId(files.get(0).runId())
        .fingerprint(contract.digest())
        .between(started, clock.instant())
        .filesIn(files.size())
        .bytes(files.stream().mapToLong(EventLanding::sizeBytes).sum())
        .rowsIn(files.stream().mapToLong(EventLanding::recordCount).sum())
        .versions(Map.of(manifest.qualifiedName(), manifest.version()))
        .stream(stream)
        .build();
  }
}

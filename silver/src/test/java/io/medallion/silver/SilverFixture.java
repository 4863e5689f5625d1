package io.medallion.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.sum;

import io.medallion.core.Digest;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.csv.CsvRecords;
import io.medallion.core.csv.Encodings;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.OffsetRange;
import io.medallion.core.manifest.Receipt;
import io.medallion.core.manifest.SourceFile;
import io.medallion.core.manifest.TextFormat;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.topic.Envelope;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/** A lake whose bronze layer is written by hand, as landing would leave it. */
final class SilverFixture {
  static final String HEADER = "id,line,day,amount,state,note,updated\n";
  private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  final SparkSession spark = LocalSession.shared();
  private long fewRecords = 30_000;
  final Lake lake;
  private final Path root;
  private final Map<String, String> names = new TreeMap<>();
  Contract contract = OrdersContract.contract();
  private long landed;
  private Way way = Way.RUN;
  private int runs;

  SilverFixture(Path root) {
    this.root = root;
    this.lake = new Lake(root.toString());
  }

  /** A copy of the lake as it is: preparing one takes longer. */
  SilverFixture copyTo(Path folder) {
    try {
      FileUtils.copyDirectory(root.toFile(), folder.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SilverFixture copy = new SilverFixture(folder);
    copy.names.putAll(names);
    copy.landed = landed;
    copy.way = way;
    copy.runs = runs;
    return copy;
  }

  SilverFixture under(Contract edited) {
    this.contract = edited;
    return this;
  }

  /** Lands a file of {@link #HEADER} and these records. */
  void land(String name, String records) {
    landAll(Map.of(name, (HEADER + records).getBytes(UTF_8)));
  }

  /** Lands files with one commit, in the order of the map. */
  void landAll(Map<String, byte[]> files) {
    List<Row> rows =
        files.entrySet().stream().map(e -> Manifest.row(file(e.getKey(), e.getValue()))).toList();
    spark
        .createDataFrame(rows, Manifest.SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .save(lake.manifest(spark).path());
  }

  private ManifestFile file(String name, byte[] bytes) {
    Feed feed = contract.feeds().get(0);
    String path = "bronze/" + feed.name() + "/" + name;
    Encodings encodings = new Encodings(feed.encodings());
    try (CsvRecords records =
        CsvRecords.ofFile(new ByteArrayInputStream(bytes), feed.delimiter())) {
      records.next();
      int skip = records.end();
      String headerText = new String(records.content(), UTF_8).replace("\uFEFF", "");
      List<String> header = Arrays.asList(headerText.split(",", -1));
      encodings.observe(records.buffer(), records.start(), records.contentEnd());
      records.expectFields(header.size());
      long count = 0;
      while (records.next()) {
        encodings.observe(records.buffer(), records.start(), records.contentEnd());
        count++;
      }
      Files.createDirectories(root.resolve(path).getParent());
      Files.write(root.resolve(path), bytes);
      String id = Digest.sha256(bytes).substring(0, 12);
      names.put(id, name);
      return new FileLanding(
          receipt(id, feed.name()),
          new SourceFile("file:/drop/" + name, Digest.sha256(bytes), bytes.length),
          new TextFormat(
              encodings.decide().map(Charset::name).orElseThrow(),
              records.newline().name(),
              String.valueOf(feed.delimiter()),
              header),
          List.of(new ManifestFile.Part(path, bytes.length, 1, count, skip)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Receipt receipt(String id, String feed) {
    return new Receipt(id, feed, NOW, landed++, "landing", contract.version());
  }

  /** Lands events of a partition with consecutive offsets, as one batch. */
  void landEvents(int partition, long firstOffset, String... values) {
    List<Row> rows = new ArrayList<>();
    for (String value : values) {
      rows.add(EventRows.event(partition, firstOffset + rows.size(), null, value.getBytes(UTF_8)));
    }
    landEvents("events-" + partition + "-" + firstOffset, partition, firstOffset, rows);
  }

  /** Lands events without values. */
  void landTombstones(int partition, long firstOffset, String... keys) {
    List<Row> rows = new ArrayList<>();
    for (String key : keys) {
      rows.add(EventRows.event(partition, firstOffset + rows.size(), key.getBytes(UTF_8), null));
    }
    landEvents("tombstones-" + partition + "-" + firstOffset, partition, firstOffset, rows);
  }

  private void landEvents(String name, int partition, long first, List<Row> rows) {
    String path = "bronze/order_events/" + name;
    spark
        .createDataFrame(rows, Envelope.SCHEMA)
        .coalesce(1)
        .write()
        .parquet(root.resolve(path).toString());
    String part;
    try (Stream<Path> files = Files.list(root.resolve(path))) {
      part =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.startsWith("part-"))
              .findFirst()
              .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String id = Digest.sha256(name.getBytes(UTF_8)).substring(0, 12);
    names.put(id, name);
    long until = first + rows.size();
    OffsetRange range =
        new OffsetRange(
            "orders", "id", partition, first, until, first, until - 1, "stream", landed);
    ManifestFile file =
        new EventLanding(
            receipt(id, "order_events"),
            range,
            List.of(new ManifestFile.Part(path + "/" + part, 1, first, rows.size(), 0)));
    spark
        .createDataFrame(List.of(Manifest.row(file)), Manifest.SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .save(lake.manifest(spark).path());
  }

  List<SilverSummary> run() {
    spark.conf().set(InterpretedPlans.FEW_RECORDS, fewRecords);
    SilverStream silver = new SilverStream(spark, lake, ledger(), contract, CLOCK, "run");
    try {
      if (way == Way.RUN || (way == Way.TURNS && runs++ % 2 == 1)) {
        return silver.run();
      }
      List<SilverSummary> summaries = new ArrayList<>();
      silver.run(Trigger.AvailableNow(), summaries::add);
      return summaries;
    } finally {
      spark.conf().unset(InterpretedPlans.FEW_RECORDS);
    }
  }

  LakeReader reader() {
    return new LakeReader(lake, spark.sparkContext().hadoopConfiguration());
  }

  SilverFixture by(Way other) {
    this.way = other;
    return this;
  }

  /** Processes batches like large ones from here on. */
  SilverFixture asLarge() {
    fewRecords = 0;
    return this;
  }

  /** Processes batches in one task from here on, as is the default. */
  SilverFixture asSmall() {
    fewRecords = 30_000;
    return this;
  }

  Optional<SilverSummary> replay() {
    return new Replay(spark, lake, ledger(), contract, CLOCK, "replay").run(QuarantineFilter.all());
  }

  LakeTable silver() {
    return lake.table(spark, Lake.Layer.SILVER, contract.table());
  }

  LakeTable quarantine() {
    return lake.quarantine(spark);
  }

  Ledger ledger() {
    return new Ledger(spark, lake);
  }

  /** Versions of everything silver writes. */
  List<Long> versions() {
    return List.of(silver().version(), quarantine().version(), ledger().table().version());
  }

  /** Rows of silver, in the contract's columns, ordered. */
  List<String> rows() {
    return rows(contract.columns().stream().map(c -> c.name()).toArray(String[]::new));
  }

  List<String> rows(String... columns) {
    Column[] selected = Arrays.stream(columns).map(c -> col(c)).toArray(Column[]::new);
    return silver().read().select(selected).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** Quarantined records as {@code name#number raw text: reasons}, ordered. */
  List<String> quarantined() {
    if (!quarantine().exists()) {
      return List.of();
    }
    List<String> records = new ArrayList<>();
    for (Row row : quarantine().read().collectAsList()) {
      records.add(
          names.get(row.<String>getAs("file_id"))
              + "#"
              + row.getAs("record_number")
              + ": "
              + row.<Row>getList(row.fieldIndex("reasons")).stream()
                  .map(reason -> reason.getString(0))
                  .collect(Collectors.joining(", ")));
    }
    return records.stream().sorted().toList();
  }

  /**
   * The accounts of all batches added up, per file, as {@code name: records = accepted + duplicates
   * + superseded + quarantined}; checked against the tables themselves.
   */
  List<String> accounts() {
    List<FileAccount> accounts =
        ledger()
            .table()
            .read()
            .where("job IN ('silver', 'replay')")
            .select(explode(col("accounts")).as("a"))
            .groupBy("a.file_id")
            .agg(
                sum("a.records"),
                sum("a.accepted"),
                sum("a.duplicates"),
                sum("a.superseded"),
                sum("a.quarantined"))
            .collectAsList()
            .stream()
            .map(
                r ->
                    new FileAccount(
                        r.getString(0),
                        r.getLong(1),
                        r.getLong(2),
                        r.getLong(3),
                        r.getLong(4),
                        r.getLong(5)))
            .toList();
    Map<String, Long> inSilver = new TreeMap<>(countByFile(silver(), "_file_id"));
    LakeReader reader = reader();
    Deletes.standingByFile(reader, LedgerReader.of(reader), contract)
        .forEach((file, deletes) -> inSilver.merge(file, deletes, Long::sum));
    Map<String, Long> inQuarantine =
        quarantine().exists() ? countByFile(quarantine(), "file_id") : Map.of();
    Map<String, String> described = new TreeMap<>();
    for (FileAccount a : accounts) {
      String name = names.get(a.fileId());
      if (inSilver.getOrDefault(a.fileId(), 0L) != a.accepted()
          || inQuarantine.getOrDefault(a.fileId(), 0L) != a.quarantined()) {
        throw new AssertionError(
            name
                + " is accounted for as "
                + a
                + " but there are "
                + inSilver
                + " and "
                + inQuarantine);
      }
      described.put(
          name,
          "%s: %d = %d + %d + %d + %d"
              .formatted(
                  name,
                  a.records(),
                  a.accepted(),
                  a.duplicates(),
                  a.superseded(),
                  a.quarantined()));
    }
    return List.copyOf(described.values());
  }

  private static Map<String, Long> countByFile(LakeTable table, String column) {
    return table.read().groupBy(column).count().collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  /** Takes back all commits of a table after a version, as if its writer had died before them. */
  void undoAfter(LakeTable table, long version) {
    DeadProcess.undoAfter(table, version);
  }

  /** Lets Spark do the last batch again, as if the process had died before the batch was done. */
  void forgetLastBatch() {
    DeadProcess.forgetLastBatch(checkpoint());
  }

  /** Removes Spark's checkpoint. */
  void loseCheckpoint() {
    DeadProcess.loseCheckpoint(checkpoint());
  }

  private Path checkpoint() {
    return Path.of(lake.checkpoint("silver", contract.table()));
  }

  static Map<String, byte[]> files(String... namesAndRecords) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndRecords.length; i += 2) {
      files.put(namesAndRecords[i], (HEADER + namesAndRecords[i + 1]).getBytes(UTF_8));
    }
    return files;
  }
}

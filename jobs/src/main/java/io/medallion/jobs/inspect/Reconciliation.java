package io.medallion.jobs.inspect;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.medallion.bronze.topic.LostOffsets;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.Rejection;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.silver.Deletes;
import io.medallion.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares the ledger with the tables: per file, the counts that the ledger has, and the rows that
 * silver, the quarantine and the facts have.
 *
 * @param factTables the fact tables over the source, each with one row per row of silver; those of
 *     a warehouse bear its kind before their name
 * @param lines per landed file, and per batch of a topic's partition, that silver has read, in
 *     landing order
 * @param rejected source and reason of files that were kept aside
 * @param pending records that landed but have not been through silver
 * @param behind stars of which the warehouse does not hold what gold does, so that its rows are not
 *     counted
 * @param lost ranges of a topic's offsets that were gone before they landed
 */
public record Reconciliation(
    List<String> factTables,
    List<Line> lines,
    Map<String, String> rejected,
    long pending,
    List<String> behind,
    List<String> lost) {

  /** Before the offsets of one batch, in a line's name. */
  private static final String BATCH = ", offsets ";

  /**
   * A file's line.
   *
   * @param landed records counted at landing
   * @param accepted by the ledger, as the next three
   * @param inSilver rows that silver holds of the file
   * @param deletes that silver remembers of it, their keys having no row
   * @param inQuarantine rows that the quarantine holds of it
   * @param facts rows that each fact table holds of it
   */
  public record Line(
      String file,
      long landed,
      long accepted,
      long duplicates,
      long superseded,
      long quarantined,
      long inSilver,
      long deletes,
      long inQuarantine,
      Map<String, Long> facts) {

    /** Whether ledger and tables agree. */
    public boolean addsUp() {
      return landed == accepted + duplicates + superseded + quarantined
          && accepted == inSilver + deletes
          && quarantined == inQuarantine
          && facts.values().stream().allMatch(rows -> rows == inSilver);
    }

    private Line named(String name) {
      return new Line(
          name,
          landed,
          accepted,
          duplicates,
          superseded,
          quarantined,
          inSilver,
          deletes,
          inQuarantine,
          facts);
    }

    private Line plus(Line other, String name) {
      Map<String, Long> sums = new TreeMap<>(facts);
      other.facts.forEach((fact, rows) -> sums.merge(fact, rows, Long::sum));
      return new Line(
          name,
          landed + other.landed,
          accepted + other.accepted,
          duplicates + other.duplicates,
          superseded + other.superseded,
          quarantined + other.quarantined,
          inSilver + other.inSilver,
          deletes + other.deletes,
          inQuarantine + other.inQuarantine,
          sums);
    }
  }

  public Line total() {
    Map<String, Long> none = new TreeMap<>();
    factTables.forEach(fact -> none.put(fact, 0L));
    return lines.stream()
        .reduce(
            new Line("total", 0, 0, 0, 0, 0, 0, 0, 0, none),
            (sum, line) -> sum.plus(line, "total"));
  }

  /** The lines, with those of a topic's partition added up: a stream has one for every batch. */
  public List<Line> linesByPartition() {
    Map<String, Line> bySource = new LinkedHashMap<>();
    for (Line line : lines) {
      int batch = line.file().indexOf(BATCH);
      if (batch < 0) {
        bySource.put(line.file() + "#" + bySource.size(), line);
      } else {
        String source = line.file().substring(0, batch);
        bySource.merge(source, line.named(source), (a, b) -> a.plus(b, source));
      }
    }
    return List.copyOf(bySource.values());
  }

  public boolean balances() {
    return total().addsUp() && lines.stream().allMatch(Line::addsUp);
  }

  /**
   * Counts.
   *
   * @param warehouse whose rows are counted too
   */
  public static Reconciliation of(
      Lakehouse lakehouse, Contract contract, Optional<Warehouse> warehouse) {
    SparkSession spark = lakehouse.spark();
    Lake lake = lakehouse.lake();
    LakeTable manifest = lake.manifest(spark);
    if (!manifest.exists()) {
      return new Reconciliation(List.of(), List.of(), Map.of(), 0, List.of(), List.of());
    }
    List<ManifestFile> files = files(manifest, contract);
    Map<String, FileAccount> accounts = accounts(lakehouse.ledger().table(), contract);
    Map<String, Long> silver =
        countByFile(lake.table(spark, Lake.Layer.SILVER, contract.table()), "_file_id", null);
    Map<String, Long> deletes = Deletes.standingByFile(spark, lake, lakehouse.ledger(), contract);
    Map<String, Long> quarantine = countByFile(lake.quarantine(spark), "file_id", contract.table());
    Map<String, Map<String, Long>> facts = new TreeMap<>();
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      star.facts()
          .forEach(
              fact -> {
                LakeTable table = lake.table(spark, Lake.Layer.GOLD, fact.table());
                if (table.exists()) {
                  facts.put(fact.table(), countByFile(table, "_file_id", null));
                }
              });
    }
    List<String> behind = new ArrayList<>();
    warehouse.ifPresent(loaded -> count(lakehouse, contract, loaded, facts, behind));
    List<Line> lines = new ArrayList<>();
    Map<String, String> rejected = new TreeMap<>();
    long pending = 0;
    for (ManifestFile file : files) {
      FileAccount account = accounts.get(file.fileId());
      if (file instanceof Rejection rejection) {
        rejected.put(rejection.sourceUri(), rejection.reason());
      } else if (account == null) {
        pending += file.recordCount();
      } else {
        Map<String, Long> ofFile = new TreeMap<>();
        facts.forEach((fact, counts) -> ofFile.put(fact, counts.getOrDefault(file.fileId(), 0L)));
        lines.add(
            new Line(
                name(file),
                file.recordCount(),
                account.accepted(),
                account.duplicates(),
                account.superseded(),
                account.quarantined(),
                silver.getOrDefault(file.fileId(), 0L),
                deletes.getOrDefault(file.fileId(), 0L),
                quarantine.getOrDefault(file.fileId(), 0L),
                ofFile));
      }
    }
    return new Reconciliation(
        List.copyOf(facts.keySet()), lines, rejected, pending, behind, lost(spark, lake, contract));
  }

  private static void count(
      Lakehouse lakehouse,
      Contract contract,
      Warehouse warehouse,
      Map<String, Map<String, Long>> facts,
      List<String> behind) {
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      if (lakehouse.load(star, warehouse).isDone()) {
        for (Star.Fact fact : star.facts()) {
          facts.put(
              warehouse.kind() + "." + fact.table(), warehouse.countBy(fact.table(), "_file_id"));
        }
      } else {
        behind.add(star.name());
      }
    }
  }

  private static List<String> lost(SparkSession spark, Lake lake, Contract contract) {
    LakeTable lost = LostOffsets.table(spark, lake);
    if (!lost.exists()) {
      return List.of();
    }
    Object[] feeds = contract.feeds().stream().map(Feed::name).toArray();
    return lost
        .read()
        .where(col("feed").isin(feeds))
        .orderBy("topic", "topic_id", "partition", "from_offset")
        .collectAsList()
        .stream()
        .map(
            row ->
                "kafka:%s/%d, offset %d to %s: %s"
                    .formatted(
                        row.<String>getAs("topic"),
                        row.<Integer>getAs("partition"),
                        row.<Long>getAs("from_offset"),
                        row.<Long>getAs("until_offset") == null
                            ? "the last"
                            : row.<Long>getAs("until_offset") - 1,
                        row.<String>getAs("reason")))
        .toList();
  }

  /** Files that have landed and that silver has not read. */
  public static List<ManifestFile> pendingFiles(Lakehouse lakehouse, Contract contract) {
    LakeTable manifest = lakehouse.lake().manifest(lakehouse.spark());
    if (!manifest.exists()) {
      return List.of();
    }
    Map<String, FileAccount> accounts = accounts(lakehouse.ledger().table(), contract);
    return files(manifest, contract).stream()
        .filter(file -> file.landed() && !accounts.containsKey(file.fileId()))
        .toList();
  }

  private static List<ManifestFile> files(LakeTable manifest, Contract contract) {
    Object[] feeds = contract.feeds().stream().map(Feed::name).toArray();
    return manifest.read().where(col("feed").isin(feeds)).collectAsList().stream()
        .map(Manifest::file)
        .sorted(Comparator.comparingLong(ManifestFile::landingSeq))
        .toList();
  }

  private static String name(ManifestFile file) {
    String uri = file.sourceUri();
    return file instanceof EventLanding events
        ? uri + BATCH + events.offsets().first() + " to " + events.offsets().last()
        : uri.substring(uri.lastIndexOf('/') + 1);
  }

  private static Map<String, FileAccount> accounts(LakeTable runs, Contract contract) {
    Map<String, FileAccount> accounts = new HashMap<>();
    if (!runs.exists()) {
      return accounts;
    }
    Dataset<Row> sums =
        runs.read()
            .where(
                col("subject").equalTo(contract.table()).and(col("job").isin("silver", "replay")))
            .select(explode(col("accounts")).as("a"))
            .groupBy("a.file_id")
            .agg(
                sum("a.records"),
                sum("a.accepted"),
                sum("a.duplicates"),
                sum("a.superseded"),
                sum("a.quarantined"));
    for (Row row : sums.collectAsList()) {
      accounts.put(
          row.getString(0),
          new FileAccount(
              row.getString(0),
              row.getLong(1),
              row.getLong(2),
              row.getLong(3),
              row.getLong(4),
              row.getLong(5)));
    }
    return accounts;
  }

  private static Map<String, Long> countByFile(LakeTable table, String column, String ofTable) {
    Map<String, Long> counts = new HashMap<>();
    if (table.exists()) {
      table
          .read()
          .where(ofTable == null ? lit(true) : col("table_name").equalTo(ofTable))
          .groupBy(column)
          .count()
          .collectAsList()
          .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    }
    return counts;
  }
}

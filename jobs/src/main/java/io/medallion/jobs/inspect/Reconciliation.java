package io.medallion.jobs.inspect;

import io.medallion.bronze.topic.LostOffsets;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.ManifestRow;
import io.medallion.core.manifest.Rejection;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.warehouse.LoadedWarehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
   * Compares, by the numbers of rows that the ledger has where the tables' logs agree with it.
   *
   * @param warehouse whose rows are compared too
   */
  public static Reconciliation of(
      ReadOnlyLakehouse lakehouse, Contract contract, Optional<LoadedWarehouse> warehouse) {
    return of(lakehouse, contract, warehouse, RowCounts.Counting.BY_LEDGER);
  }

  /** As {@link #of}, but by counting the rows of every table. */
  public static Reconciliation scanned(
      ReadOnlyLakehouse lakehouse, Contract contract, Optional<LoadedWarehouse> warehouse) {
    return of(lakehouse, contract, warehouse, RowCounts.Counting.BY_SCAN);
  }

  private static Reconciliation of(
      ReadOnlyLakehouse lakehouse,
      Contract contract,
      Optional<LoadedWarehouse> warehouse,
      RowCounts.Counting counting) {
    LakeReader lake = lakehouse.reader();
    Optional<TableSnapshot> manifest = lake.manifest().latest();
    if (manifest.isEmpty()) {
      return new Reconciliation(List.of(), List.of(), Map.of(), 0, List.of(), List.of());
    }
    List<ManifestFile> files = files(manifest.get(), contract);
    LedgerReader ledger = LedgerReader.of(lake);
    Map<String, FileAccount> accounts = ledger.accounts(contract.table());
    List<String> behind = new ArrayList<>();
    RowCounts counts =
        RowCounts.of(lakehouse, ledger, contract, accounts, counting)
            .with(warehouse, lakehouse, ledger, behind);
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
        counts
            .facts()
            .forEach((fact, rows) -> ofFile.put(fact, rows.getOrDefault(file.fileId(), 0L)));
        lines.add(
            new Line(
                name(file),
                file.recordCount(),
                account.accepted(),
                account.duplicates(),
                account.superseded(),
                account.quarantined(),
                counts.silver().getOrDefault(file.fileId(), 0L),
                counts.deletes().getOrDefault(file.fileId(), 0L),
                counts.quarantine().getOrDefault(file.fileId(), 0L),
                ofFile));
      }
    }
    return new Reconciliation(
        List.copyOf(counts.facts().keySet()),
        lines,
        rejected,
        pending,
        behind,
        lost(lake, contract));
  }

  private static List<String> lost(LakeReader lake, Contract contract) {
    Optional<TableSnapshot> lost = LostOffsets.table(lake).latest();
    if (lost.isEmpty()) {
      return List.of();
    }
    List<LakeRow> ranges =
        new ArrayList<>(
            lost.get()
                .collect(
                    lost.get().columns(),
                    Bounds.NONE.andOneOf("feed", feeds(contract)),
                    LakeRow::copy));
    ranges.sort(
        Comparator.comparing((LakeRow row) -> row.text("topic"))
            .thenComparing(row -> row.text("topic_id"))
            .thenComparing(row -> row.number("partition"))
            .thenComparing(row -> row.number("from_offset")));
    return ranges.stream()
        .map(
            row ->
                "kafka:%s/%d, offset %d to %s: %s"
                    .formatted(
                        row.text("topic"),
                        row.number("partition"),
                        row.number("from_offset"),
                        row.maybeNumber("until_offset")
                            .map(until -> String.valueOf(until - 1))
                            .orElse("the last"),
                        row.text("reason")))
        .toList();
  }

  private static List<String> feeds(Contract contract) {
    return contract.feeds().stream().map(Feed::name).toList();
  }

  /** Files that have landed and that silver has not read. */
  public static List<ManifestFile> pendingFiles(ReadOnlyLakehouse lakehouse, Contract contract) {
    Optional<TableSnapshot> manifest = lakehouse.reader().manifest().latest();
    if (manifest.isEmpty()) {
      return List.of();
    }
    Set<String> accounted = LedgerReader.of(lakehouse.reader()).accounts(contract.table()).keySet();
    return files(manifest.get(), contract).stream()
        .filter(file -> file.landed() && !accounted.contains(file.fileId()))
        .toList();
  }

  private static List<ManifestFile> files(TableSnapshot manifest, Contract contract) {
    return manifest
        .collect(
            manifest.columns(), Bounds.NONE.andOneOf("feed", feeds(contract)), ManifestRow::file)
        .stream()
        .sorted(Comparator.comparingLong(ManifestFile::landingSeq))
        .toList();
  }

  private static String name(ManifestFile file) {
    String uri = file.sourceUri();
    return file instanceof EventLanding events
        ? uri + BATCH + events.offsets().first() + " to " + events.offsets().last()
        : uri.substring(uri.lastIndexOf('/') + 1);
  }
}

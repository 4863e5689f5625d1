package io.medallion.silver;

import static org.apache.spark.sql.functions.size;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.core.spark.ColumnsOfRow;
import io.medallion.core.spark.SparkRow;
import io.medallion.silver.parse.ColumnLayout;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.types.StructType;

/**
 * What silver would do with a few records of files, computed in this thread without a Spark
 * session: parsed and judged by the parser, the rules and the fold that batches use.
 */
final class LocalPreview {
  private static final List<String> IDENTITY =
      List.of(
          SilverColumns.FILE_ID,
          SilverColumns.RECORD_NUMBER,
          SilverColumns.LANDING_SEQ,
          SilverColumns.CONTENT_HASH);

  private final Contract contract;
  private final List<String> sets;
  private final List<Column> computed = new ArrayList<>();
  private final Map<List<Object>, List<Candidate>> byKey = new HashMap<>();
  private final Map<String, long[]> counts = new TreeMap<>();

  private static final int PASSED = 0;
  private static final int QUARANTINED = 1;
  private static final int DUPLICATES = 2;
  private static final int SUPERSEDED = 3;
  private static final int REPLACED = 4;

  /**
   * A record that breaks no rule, or what silver holds of its key.
   *
   * @param affected its values of each set of keys; empty for a delete
   */
  private record Candidate(
      String fileId,
      long recordNumber,
      long landingSeq,
      long contentHash,
      List<Object> sequence,
      boolean current,
      List<List<Object>> affected) {}

  private LocalPreview(Contract contract, Map<String, List<String>> keys) {
    this.contract = contract;
    this.sets = List.copyOf(keys.keySet());
    computed.add(size(Rules.reasons(contract)).equalTo(0));
    computed.add(SilverBatch.contentHash(contract));
    keys.values()
        .forEach(
            expressions ->
                expressions.forEach(
                    sql -> computed.add(new Column(new CatalystSqlParser().parseExpression(sql)))));
  }

  static SilverPreview of(
      LakeReader lake,
      LedgerReader ledger,
      Contract contract,
      List<SilverPreview.Source> sources,
      Map<String, List<String>> keys) {
    LocalPreview preview = new LocalPreview(contract, keys);
    Map<String, Long> landed = new LinkedHashMap<>();
    for (SilverPreview.Source source : sources) {
      source.files().stream()
          .collect(Collectors.groupingBy(ManifestFile::feed))
          .forEach((feed, files) -> preview.judge(lake, source.root(), feed, files, keys));
      source.files().forEach(file -> landed.put(file.fileId(), file.recordCount()));
    }
    preview.addHeld(lake, ledger);
    Map<String, Long> affected = preview.decide();
    return new SilverPreview(preview.accounts(landed), affected);
  }

  private void judge(
      LakeReader lake,
      String root,
      String feedName,
      List<ManifestFile> files,
      Map<String, List<String>> keys) {
    Feed feed = contract.feed(feedName);
    StructType schema = SilverColumns.parsed(ColumnLayout.of(contract, feed));
    ColumnsOfRow columns = ColumnsOfRow.of(schema, computed);
    try (Records.SliceIterator records =
        Records.ofFiles(
            lake.hadoop(), root, contract, feed, ManifestFile.as(FileLanding.class, files))) {
      while (records.hasNext()) {
        Row record = records.next();
        List<Object> values = columns.of(record);
        LakeRow named = new SparkRow(record, schema);
        if ((Boolean) values.get(0)) {
          count(named.text(SilverColumns.FILE_ID), PASSED);
          add(named, values, keys);
        } else {
          count(named.text(SilverColumns.FILE_ID), QUARANTINED);
        }
      }
    }
  }

  private void count(String file, int fate) {
    counts.computeIfAbsent(file, f -> new long[REPLACED + 1])[fate]++;
  }

  private void add(LakeRow record, List<Object> values, Map<String, List<String>> keys) {
    List<List<Object>> affected = new ArrayList<>();
    if (!(Boolean) record.value(SilverColumns.DELETED)) {
      int next = 2;
      for (List<String> expressions : keys.values()) {
        affected.add(new ArrayList<>(values.subList(next, next + expressions.size())));
        next += expressions.size();
      }
    }
    byKey
        .computeIfAbsent(Deletes.values(record, contract.businessKey()), key -> new ArrayList<>())
        .add(candidate(record, (Long) values.get(1), false, affected));
  }

  private Candidate candidate(
      LakeRow row, long contentHash, boolean current, List<List<Object>> affected) {
    return new Candidate(
        row.text(SilverColumns.FILE_ID),
        row.number(SilverColumns.RECORD_NUMBER),
        row.number(SilverColumns.LANDING_SEQ),
        contentHash,
        Deletes.values(row, contract.sequence()),
        current,
        affected);
  }

  /** Adds the row of silver, or the latest delete, of every key that a record has. */
  private void addHeld(LakeReader lake, LedgerReader ledger) {
    if (byKey.isEmpty()) {
      return;
    }
    Set<List<Object>> inSilver = new HashSet<>();
    Optional<TableSnapshot> silver = lake.table(Lake.Layer.SILVER, contract.table()).latest();
    if (silver.isPresent()) {
      Set<String> columns = new TreeSet<>(contract.businessKey());
      columns.addAll(contract.sequence());
      columns.addAll(IDENTITY);
      Bounds bounds =
          Bounds.NONE.andOneOf(
              contract.businessKey().get(0),
              byKey.keySet().stream().map(key -> key.get(0)).collect(Collectors.toSet()));
      try (RowStream rows = silver.get().rows(List.copyOf(columns), bounds)) {
        while (rows.hasNext()) {
          LakeRow row = rows.next();
          List<Object> key = Deletes.values(row, contract.businessKey());
          if (byKey.containsKey(key)) {
            hold(key, row);
            inSilver.add(key);
          }
        }
      }
    }
    // Where there is a row, it came later than every delete of its key.
    lake.table(Lake.Layer.SILVER, contract.deletesTable())
        .latest()
        .ifPresent(
            deletes ->
                Deletes.latest(
                        deletes,
                        ledger,
                        contract,
                        key -> byKey.containsKey(key) && !inSilver.contains(key))
                    .forEach(this::hold));
  }

  private void hold(List<Object> key, LakeRow row) {
    byKey.get(key).add(candidate(row, row.number(SilverColumns.CONTENT_HASH), true, List.of()));
  }

  /** Counts the fates of all candidates; returns how many keys of each set the winners have. */
  private Map<String, Long> decide() {
    List<Set<List<Object>>> affected = new ArrayList<>();
    sets.forEach(set -> affected.add(new HashSet<>()));
    for (List<Candidate> candidates : byKey.values()) {
      Set<List<Object>> lost = new HashSet<>();
      for (Row outcome : DedupResolver.fold(ranked(candidates))) {
        String file = outcome.getString(0);
        switch (outcome.getString(2)) {
          case DedupResolver.DUPLICATE -> count(file, DUPLICATES);
          case DedupResolver.SUPERSEDED -> count(file, SUPERSEDED);
          default -> count(file, REPLACED);
        }
        lost.add(List.of(file, outcome.getLong(1)));
      }
      for (Candidate candidate : candidates) {
        if (!candidate.current()
            && !lost.contains(List.of(candidate.fileId(), candidate.recordNumber()))) {
          for (int i = 0; i < candidate.affected().size(); i++) {
            affected.get(i).add(candidate.affected().get(i));
          }
        }
      }
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (int i = 0; i < sets.size(); i++) {
      sizes.put(sets.get(i), (long) affected.get(i).size());
    }
    return sizes;
  }

  private static List<DedupResolver.Version> ranked(List<Candidate> candidates) {
    TreeSet<List<Object>> sequences = new TreeSet<>(Deletes.LATER);
    candidates.forEach(candidate -> sequences.add(candidate.sequence()));
    return candidates.stream()
        .map(
            c ->
                new DedupResolver.Version(
                    c.fileId(),
                    c.recordNumber(),
                    c.landingSeq(),
                    c.contentHash(),
                    sequences.headSet(c.sequence()).size() + 1,
                    c.current()))
        .toList();
  }

  private List<FileAccount> accounts(Map<String, Long> landed) {
    Set<String> files = new TreeSet<>(landed.keySet());
    files.addAll(counts.keySet());
    List<FileAccount> accounts = new ArrayList<>();
    for (String file : files) {
      long[] n = counts.getOrDefault(file, new long[REPLACED + 1]);
      accounts.add(
          new FileAccount(
              file,
              landed.getOrDefault(file, 0L),
              n[PASSED] - n[DUPLICATES] - n[SUPERSEDED] - n[REPLACED],
              n[DUPLICATES],
              n[SUPERSEDED] + n[REPLACED],
              n[QUARANTINED]));
    }
    return accounts;
  }
}

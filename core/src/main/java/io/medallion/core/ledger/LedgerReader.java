package io.medallion.core.ledger;

import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ledger {@code ops.runs} as it was at one moment, for who only looks. */
public final class LedgerReader {
  /** Jobs that change accounts of files. */
  private static final List<String> OF_SILVER = List.of("silver", "replay");

  private final Optional<TableSnapshot> table;

  private LedgerReader(Optional<TableSnapshot> table) {
    this.table = table;
  }

  /** The ledger of a lake as it is now; one without a run has no table. */
  public static LedgerReader of(LakeReader lake) {
    return new LedgerReader(lake.runs().latest());
  }

  /** The application under which Delta keeps the number of a subject's last batch. */
  public static String application(String job, String subject) {
    return "medallion/" + job + "/" + subject;
  }

  /** The last batch of a job and subject, -1 where there is none. */
  public long lastBatch(String job, String subject) {
    return table.map(t -> t.lastTransaction(application(job, subject)).orElse(-1)).orElse(-1L);
  }

  /** The last entry of a job and subject, without its accounts. */
  public Optional<Entry> last(String job, String subject) {
    long number = lastBatch(job, subject);
    if (number < 0) {
      return Optional.empty();
    }
    Bounds one = Bounds.where("batch_id", number).and("job", job).and("subject", subject);
    return table.orElseThrow().collect(withoutAccounts(), one, LedgerReader::entry).stream()
        .findFirst();
  }

  private List<String> withoutAccounts() {
    return table.orElseThrow().columns().stream()
        .filter(column -> !column.equals("accounts"))
        .toList();
  }

  /**
   * The last entry of every job and subject as a row of the table, without its accounts.
   *
   * @return the one that finished last, first
   */
  public List<LakeRow> lastOfEach() {
    if (table.isEmpty()) {
      return List.of();
    }
    Map<List<String>, LakeRow> last = new LinkedHashMap<>();
    try (RowStream rows = table.get().rows(withoutAccounts(), Bounds.NONE)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        List<String> subject = List.of(row.text("job"), row.text("subject"));
        LakeRow known = last.get(subject);
        if (known == null || known.number("batch_id") < row.number("batch_id")) {
          last.put(subject, row.copy());
        }
      }
    }
    List<LakeRow> newestFirst = new ArrayList<>(last.values());
    newestFirst.sort(
        java.util.Comparator.comparing((LakeRow row) -> row.instant("finished_at")).reversed());
    return newestFirst;
  }

  /** The accounts of the files of a table of silver, over all batches. */
  public Map<String, FileAccount> accounts(String silverTable) {
    return accounts(Set.of(silverTable)).getOrDefault(silverTable, Map.of());
  }

  /** As above, of several tables at once. */
  public Map<String, Map<String, FileAccount>> accounts(Set<String> silverTables) {
    Map<String, Map<String, FileAccount>> accounts = new HashMap<>();
    if (table.isEmpty() || silverTables.isEmpty()) {
      return accounts;
    }
    Bounds bounds = Bounds.NONE.andOneOf("job", OF_SILVER).andOneOf("subject", silverTables);
    try (RowStream rows = table.get().rows(List.of("subject", "accounts"), bounds)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        Map<String, FileAccount> ofTable =
            accounts.computeIfAbsent(row.text("subject"), name -> new HashMap<>());
        row.rows("accounts")
            .forEach(a -> ofTable.merge(a.text("file_id"), account(a), FileAccount::plus));
      }
    }
    return accounts;
  }

  /** Records in quarantine, of all tables, by the books. */
  public long quarantined() {
    long records = 0;
    if (table.isPresent()) {
      Bounds ofSilver = Bounds.NONE.andOneOf("job", OF_SILVER);
      try (RowStream rows = table.get().rows(List.of("quarantined"), ofSilver)) {
        while (rows.hasNext()) {
          records += rows.next().number("quarantined");
        }
      }
    }
    return records;
  }

  private static FileAccount account(LakeRow row) {
    return new FileAccount(
        row.text("file_id"),
        row.number("records"),
        row.number("accepted"),
        row.number("duplicates"),
        row.number("superseded"),
        row.number("quarantined"));
  }

  /** The entry of a table row, without its accounts. */
  static Entry entry(LakeRow row) {
    return Entry.ofBatch(row.text("job"), row.text("subject"), row.number("batch_id"))
        .runId(row.text("run_id"))
        .fingerprint(row.text("fingerprint"))
        .between(row.instant("started_at"), row.instant("finished_at"))
        .filesIn(row.number("files_in"))
        .filesRejected(row.number("files_rejected"))
        .bytes(row.number("bytes"))
        .rowsIn(row.number("rows_in"))
        .rowsWritten(row.number("rows_written"))
        .versions(row.numbers("versions"))
        .stream(new Entry.StreamBatch(row.text("stream_id"), row.number("stream_batch")))
        .build();
  }
}

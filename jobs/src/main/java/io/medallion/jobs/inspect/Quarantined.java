package io.medallion.jobs.inspect;

import io.medallion.core.contract.Contract;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.silver.QuarantineFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/** Records in quarantine, as they are shown to a user. */
public final class Quarantined {
  /** Columns of {@link #byRule}. */
  public static final List<String> BY_RULE = List.of("rule", "file", "records", "for example");

  /** Columns of {@link #records}. */
  public static final List<String> RECORDS = List.of("file", "record", "reasons", "raw");

  private static final List<String> IDENTITY =
      List.of("feed", "file_id", "source_uri", "record_number", "landing_seq", "reasons");

  private static final Comparator<LakeRow> AS_LANDED =
      Comparator.comparingLong((LakeRow row) -> row.number("landing_seq"))
          .thenComparing(row -> row.number("record_number"));

  private final TableSnapshot table;
  private final Contract contract;
  private final QuarantineFilter filter;

  private Quarantined(TableSnapshot table, Contract contract, QuarantineFilter filter) {
    this.table = table;
    this.contract = contract;
    this.filter = filter;
  }

  /** The contract's records that a filter selects; absent where nothing was ever quarantined. */
  public static Optional<Quarantined> of(
      LakeReader lake, Contract contract, QuarantineFilter filter) {
    return lake.quarantine().latest().map(table -> new Quarantined(table, contract, filter));
  }

  private record RuleAndFile(String rule, String file) {}

  private static final class Found {
    private final String example;
    private long records;

    private Found(String example) {
      this.example = example;
    }
  }

  /**
   * Numbers of records by rule and file, the most first.
   *
   * @param limit of rows; one more comes where there are more
   */
  public List<List<Object>> byRule(int limit) {
    Map<RuleAndFile, Found> found = new HashMap<>();
    try (RowStream rows = rows(IDENTITY)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        if (filter.selects(row)) {
          for (LakeRow reason : row.rows("reasons")) {
            found.computeIfAbsent(
                    new RuleAndFile(reason.text("rule"), file(row)),
                    key -> new Found(reason.text("message")))
                .records++;
          }
        }
      }
    }
    return found.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<RuleAndFile, Found> e) -> -e.getValue().records)
                .thenComparing(e -> e.getKey().rule())
                .thenComparing(e -> e.getKey().file()))
        .limit(limit + 1L)
        .map(
            e ->
                List.<Object>of(
                    e.getKey().rule(),
                    e.getKey().file(),
                    e.getValue().records,
                    e.getValue().example))
        .toList();
  }

  /**
   * Records in the order in which they landed. No more are held than are asked for.
   *
   * @param limit of rows; one more comes where there are more
   */
  public List<List<Object>> records(int limit) {
    List<String> columns = new ArrayList<>(IDENTITY);
    columns.add("raw_text");
    PriorityQueue<LakeRow> first = new PriorityQueue<>(AS_LANDED.reversed());
    try (RowStream rows = rows(columns)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        if (filter.selects(row)
            && (first.size() <= limit || AS_LANDED.compare(row, first.element()) < 0)) {
          first.add(row.copy());
          if (first.size() > limit + 1L) {
            first.remove();
          }
        }
      }
    }
    return first.stream()
        .sorted(AS_LANDED)
        .map(
            row ->
                List.<Object>of(
                    file(row),
                    row.number("record_number"),
                    row.rows("reasons").stream()
                        .map(reason -> reason.text("message"))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("; ")),
                    row.text("raw_text")))
        .toList();
  }

  private RowStream rows(List<String> columns) {
    return table.rows(columns, Bounds.where("table_name", contract.table()));
  }

  private static String file(LakeRow row) {
    String uri = row.text("source_uri");
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}

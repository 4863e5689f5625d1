package io.medallion.silver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.silver.parse.SilverColumns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The deletes in force, for the reconciliation. */
public final class Deletes {
  private Deletes() {}

  /**
   * Deletes in force, by the file that brought them: those of keys for which nothing later has
   * come. The ledger counts them as accepted, though silver holds no row for them.
   *
   * <p>Holds a row for each key that was ever deleted; of silver it reads the keys, and holds none.
   */
  public static Map<String, Long> standingByFile(
      LakeReader lake, LedgerReader ledger, Contract contract) {
    Map<String, Long> counts = new HashMap<>();
    Optional<TableSnapshot> deletes =
        lake.table(Lake.Layer.SILVER, contract.deletesTable()).latest();
    if (deletes.isEmpty()) {
      return counts;
    }
    Map<List<Object>, LakeRow> latest = latest(deletes.get(), ledger, contract, key -> true);
    Optional<TableSnapshot> silver = lake.table(Lake.Layer.SILVER, contract.table()).latest();
    if (silver.isPresent() && !latest.isEmpty()) {
      try (RowStream rows = silver.get().rows(contract.businessKey(), Bounds.NONE)) {
        while (rows.hasNext()) {
          latest.remove(values(rows.next(), contract.businessKey()));
        }
      }
    }
    latest
        .values()
        .forEach(delete -> counts.merge(delete.text(SilverColumns.FILE_ID), 1L, Long::sum));
    return counts;
  }

  /**
   * The latest delete of each key, without what an unfinished batch left: by the contract's
   * sequence columns, then as it landed.
   */
  static Map<List<Object>, LakeRow> latest(
      TableSnapshot deletes,
      LedgerReader ledger,
      Contract contract,
      Predicate<List<Object>> ofKey) {
    Map<String, Long> recorded = new HashMap<>();
    for (String job : List.of(SilverStream.JOB, Replay.JOB)) {
      recorded.put(job, ledger.lastBatch(job, contract.table()));
    }
    List<String> order = new ArrayList<>(contract.sequence());
    order.retainAll(deletes.columns());
    order.add(SilverColumns.LANDING_SEQ);
    order.add(SilverColumns.RECORD_NUMBER);
    Map<List<Object>, LakeRow> latest = new HashMap<>();
    try (RowStream rows = deletes.rows(Bounds.NONE)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        List<Object> key = values(row, contract.businessKey());
        if (row.number(SilverColumns.BATCH_ID)
                <= recorded.getOrDefault(row.text(SilverColumns.JOB), -1L)
            && ofKey.test(key)) {
          latest.merge(
              key,
              row.copy(),
              (a, b) -> LATER.compare(values(a, order), values(b, order)) >= 0 ? a : b);
        }
      }
    }
    return latest;
  }

  /** Values of a row to compare with those of others. */
  static List<Object> values(LakeRow row, List<String> columns) {
    List<Object> values = new ArrayList<>();
    columns.forEach(column -> values.add(comparable(row.value(column))));
    return values;
  }

  /** Decimals are equal however many zeros they end in. */
  static Object comparable(Object value) {
    return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
  }

  /** Absent values come first, texts in the order of their bytes. */
  static final Comparator<List<Object>> LATER =
      (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
          int order = compare(left.get(i), right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  @SuppressWarnings("unchecked") // both are of one column
  private static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return left instanceof String text
        ? Arrays.compareUnsigned(text.getBytes(UTF_8), ((String) right).getBytes(UTF_8))
        : ((Comparable<Object>) left).compareTo(right);
  }
}

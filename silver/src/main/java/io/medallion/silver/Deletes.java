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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The deletes in force, for the reconciliation. */
public final class Deletes {
  private Deletes() {}

  /** The latest delete of a key: by the contract's sequence columns, then as it landed. */
  private record Delete(List<Object> order, String fileId) {}

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
    Map<List<Object>, Delete> latest = latest(deletes.get(), ledger, contract);
    Optional<TableSnapshot> silver = lake.table(Lake.Layer.SILVER, contract.table()).latest();
    if (silver.isPresent() && !latest.isEmpty()) {
      try (RowStream rows = silver.get().rows(contract.businessKey(), Bounds.NONE)) {
        while (rows.hasNext()) {
          latest.remove(values(rows.next(), contract.businessKey()));
        }
      }
    }
    latest.values().forEach(delete -> counts.merge(delete.fileId(), 1L, Long::sum));
    return counts;
  }

  private static Map<List<Object>, Delete> latest(
      TableSnapshot deletes, LedgerReader ledger, Contract contract) {
    Map<String, Long> recorded = new HashMap<>();
    for (String job : List.of(SilverStream.JOB, Replay.JOB)) {
      recorded.put(job, ledger.lastBatch(job, contract.table()));
    }
    List<String> order = new ArrayList<>(contract.sequence());
    order.retainAll(deletes.columns());
    order.add(SilverColumns.LANDING_SEQ);
    order.add(SilverColumns.RECORD_NUMBER);
    Map<List<Object>, Delete> latest = new HashMap<>();
    try (RowStream rows = deletes.rows(Bounds.NONE)) {
      while (rows.hasNext()) {
        LakeRow row = rows.next();
        // What an unfinished batch left does not count.
        if (row.number(SilverColumns.BATCH_ID)
            <= recorded.getOrDefault(row.text(SilverColumns.JOB), -1L)) {
          latest.merge(
              values(row, contract.businessKey()),
              new Delete(values(row, order), row.text(SilverColumns.FILE_ID)),
              (a, b) -> LATER.compare(a.order(), b.order()) >= 0 ? a : b);
        }
      }
    }
    return latest;
  }

  private static List<Object> values(LakeRow row, List<String> columns) {
    List<Object> values = new ArrayList<>();
    columns.forEach(column -> values.add(row.value(column)));
    return values;
  }

  /** Absent values come first, texts in the order of their bytes. */
  private static final Comparator<List<Object>> LATER =
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

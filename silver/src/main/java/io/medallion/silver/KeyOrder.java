package io.medallion.silver;

import io.medallion.core.contract.Contract;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The order of records of one key in the driver's memory, as Spark's plans have it: by the
 * contract's sequence columns, NULL first and texts by their bytes, then by landing.
 */
final class KeyOrder {
  /** Of values of one column. */
  static final Comparator<Object> VALUES =
      Comparator.nullsFirst((one, other) -> comparable(one).compareTo(comparable(other)));

  private static final Comparator<List<Object>> SEQUENCES =
      (one, other) -> {
        for (int i = 0; i < one.size(); i++) {
          int order = VALUES.compare(one.get(i), other.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private final Contract contract;

  KeyOrder(Contract contract) {
    this.contract = contract;
  }

  /** The key of a record or row. */
  List<Object> key(Row row) {
    return values(row, contract.businessKey());
  }

  private static List<Object> values(Row row, List<String> columns) {
    List<String> known = Arrays.asList(row.schema().fieldNames());
    List<Object> values = new ArrayList<>(columns.size());
    // A sequence column that the contract got since deletes were last recorded is absent in them.
    columns.forEach(name -> values.add(known.contains(name) ? row.<Object>getAs(name) : null));
    return values;
  }

  /** The later one of two deletes of a key. */
  Row later(Row one, Row other) {
    int order = SEQUENCES.compare(sequence(one), sequence(other));
    if (order == 0) {
      order = Comparator.comparing(KeyOrder::landing).compare(one, other);
    }
    if (order == 0) {
      order = Comparator.comparing(KeyOrder::number).compare(one, other);
    }
    return order >= 0 ? one : other;
  }

  /**
   * The versions of a key for {@link DedupResolver#fold}.
   *
   * @param current what silver holds; null where it holds nothing
   */
  List<DedupResolver.Version> versions(List<Row> records, Row current) {
    TreeMap<List<Object>, Integer> ranks = new TreeMap<>(SEQUENCES);
    records.forEach(record -> ranks.put(sequence(record), 0));
    if (current != null) {
      ranks.put(sequence(current), 0);
    }
    int rank = 1;
    for (List<Object> sequence : ranks.keySet()) {
      ranks.put(sequence, rank++);
    }
    List<DedupResolver.Version> versions = new ArrayList<>();
    records.forEach(record -> versions.add(version(record, ranks, false)));
    if (current != null) {
      versions.add(version(current, ranks, true));
    }
    return versions;
  }

  private DedupResolver.Version version(
      Row row, TreeMap<List<Object>, Integer> ranks, boolean current) {
    return new DedupResolver.Version(
        row.getAs(SilverColumns.FILE_ID),
        number(row),
        landing(row),
        row.<Long>getAs(SilverColumns.CONTENT_HASH),
        ranks.get(sequence(row)),
        current);
  }

  private List<Object> sequence(Row row) {
    return values(row, contract.sequence());
  }

  private static long landing(Row row) {
    return row.<Long>getAs(SilverColumns.LANDING_SEQ);
  }

  private static long number(Row row) {
    return row.<Long>getAs(SilverColumns.RECORD_NUMBER);
  }

  @SuppressWarnings("unchecked")
  private static Comparable<Object> comparable(Object value) {
    Object compared = value instanceof String text ? UTF8String.fromString(text) : value;
    return (Comparable<Object>) compared;
  }
}

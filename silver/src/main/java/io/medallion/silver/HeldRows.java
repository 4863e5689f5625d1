package io.medallion.silver;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.ColumnBounds;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.RowPosition;
import io.medallion.core.rows.CollectedRows;
import io.medallion.core.rows.ExternalRows;
import io.medallion.core.rows.KeyHash;
import io.medallion.core.spark.InterpretedPlans;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;

/**
 * Brings what silver holds of some thousand keys into the driver's memory: by one scan of the files
 * that may hold them.
 */
final class HeldRows {
  private static final int NO_LIMIT = Integer.MAX_VALUE - 1;

  private final Contract contract;
  private final SilverTable table;
  private final DeletesTable deletes;
  private final KeyOrder order;

  HeldRows(Contract contract, SilverTable table, DeletesTable deletes) {
    this.contract = contract;
    this.table = table;
    this.deletes = deletes;
    this.order = new KeyOrder(contract);
  }

  /**
   * What silver holds of keys.
   *
   * @param keys as {@link KeyOrder#key} has them
   * @param hashes of the keys, by {@link #hash}
   */
  Map<List<Object>, HeldRow> of(Set<List<Object>> keys, Set<Long> hashes) {
    Map<List<Object>, HeldRow> held = new HashMap<>();
    if (keys.isEmpty()) {
      return held;
    }
    Column ofKeys = KeyHash.isAmong(hash(contract), hashes);
    ColumnBounds[] bounds = bounds(keys);
    if (deletes.exists()) {
      for (Row row : collected(deletes.recordedWithin(bounds).where(ofKeys), deletes.table())) {
        held.merge(
            order.key(row),
            new HeldRow(Optional.empty(), row),
            (a, b) -> new HeldRow(Optional.empty(), order.later(a.row(), b.row())));
      }
    }
    // Where there is a row, it came later than every delete of its key.
    LakeTable rows = table.table();
    int columns = rows.schema().size();
    for (Row row : collected(rows.rowsWithPositions(bounds).where(ofKeys), rows)) {
      held.put(
          order.key(row),
          new HeldRow(
              Optional.of(new RowPosition(row.getString(columns), row.getLong(columns + 1))),
              first(row, rows.schema())));
    }
    held.keySet().retainAll(keys);
    return held;
  }

  /** What {@link #of} looks keys up by. */
  static Column hash(Contract contract) {
    return KeyHash.of(contract.businessKey().stream().map(name -> (Column) col(name)).toList());
  }

  private static List<Row> collected(Dataset<Row> rows, LakeTable table) {
    SparkSession session = rows.sparkSession();
    try (InterpretedPlans plans = InterpretedPlans.of(session, InterpretedPlans.small(table))) {
      List<Row> collected = new ArrayList<>();
      StructType schema = rows.schema();
      for (InternalRow row : CollectedRows.upTo(NO_LIMIT, List.of(rows)).orElseThrow().get(0)) {
        collected.add(ExternalRows.of(row, schema));
      }
      return collected;
    }
  }

  private static Row first(Row row, StructType schema) {
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return new GenericRowWithSchema(values, schema);
  }

  /** The least and the greatest of the keys in each of their columns. */
  private ColumnBounds[] bounds(Collection<List<Object>> keys) {
    List<ColumnBounds> bounds = new ArrayList<>();
    for (int i = 0; i < contract.businessKey().size(); i++) {
      int column = i;
      List<Object> sorted =
          keys.stream().map(key -> key.get(column)).sorted(KeyOrder.VALUES).toList();
      bounds.add(
          new ColumnBounds(
              contract.businessKey().get(i), sorted.get(0), sorted.get(sorted.size() - 1)));
    }
    return bounds.toArray(ColumnBounds[]::new);
  }
}

package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.RowChange;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.rows.CollectedRows;
import io.medallion.core.rows.ExternalRows;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
 * Parsed records of a small batch, processed in the driver's memory: which are accepted, which are
 * not, and why. Means what {@link SilverBatch} means, which has plans for it: those take longer to
 * make than some thousand records to look at. Two Spark jobs: one parses, one finds what silver
 * holds of the records' keys.
 */
final class CollectedBatch {
  private static final String KEY_HASH = "_key_hash";

  private final Contract contract;
  private final StructType columns;
  private final KeyOrder order;
  private final BatchCounts counts = new BatchCounts();
  private final List<Row> rejects = new ArrayList<>();
  private final List<Row> deletes = new ArrayList<>();
  private final List<RowChange> changes = new ArrayList<>();

  private CollectedBatch(Contract contract, StructType columns) {
    this.contract = contract;
    this.columns = columns;
    this.order = new KeyOrder(contract);
  }

  /**
   * Processes records.
   *
   * @param parsed rows of {@link SilverColumns#parsed}
   * @param columns of the table that they are for
   */
  static CollectedBatch of(
      Contract contract, Dataset<Row> parsed, StructType columns, HeldRows held) {
    CollectedBatch batch = new CollectedBatch(contract, columns);
    Map<List<Object>, List<Row>> sound = new LinkedHashMap<>();
    Set<Long> hashes = new HashSet<>();
    for (Row record : collected(contract, parsed)) {
      String file = record.getAs(SilverColumns.FILE_ID);
      if (record.<scala.collection.Seq<?>>getAs(SilverColumns.REASONS).isEmpty()) {
        BatchCounts.add(batch.counts.passed(), file);
        sound.computeIfAbsent(batch.order.key(record), key -> new ArrayList<>()).add(record);
        hashes.add(record.getAs(KEY_HASH));
      } else {
        BatchCounts.add(batch.counts.quarantined(), file);
        batch.rejects.add(record);
      }
    }
    Map<List<Object>, HeldRow> rows = held.of(sound.keySet(), hashes);
    sound.forEach((key, records) -> batch.decide(records, Optional.ofNullable(rows.get(key))));
    return batch;
  }

  private static List<Row> collected(Contract contract, Dataset<Row> parsed) {
    Column sound = size(col(SilverColumns.REASONS)).equalTo(0);
    Dataset<Row> records =
        Rules.apply(contract, parsed)
            .withColumn(SilverColumns.RAW, when(sound, lit(null)).otherwise(col(SilverColumns.RAW)))
            .withColumn(SilverColumns.CONTENT_HASH, SilverBatch.contentHash(contract))
            .withColumn(KEY_HASH, HeldRows.hash(contract));
    SparkSession session = records.sparkSession();
    try (InterpretedPlans plans = InterpretedPlans.of(session, true)) {
      StructType schema = records.schema();
      List<Row> collected = new ArrayList<>();
      for (InternalRow row :
          CollectedRows.upTo(Integer.MAX_VALUE - 1, List.of(records)).orElseThrow().get(0)) {
        collected.add(ExternalRows.of(row, schema));
      }
      return collected;
    }
  }

  /** Decides between the records of one key and what silver holds of it. */
  private void decide(List<Row> records, Optional<HeldRow> held) {
    Set<List<Object>> lost = new HashSet<>();
    for (Row outcome :
        DedupResolver.fold(order.versions(records, held.map(HeldRow::row).orElse(null)))) {
      String file = outcome.getString(0);
      switch (outcome.getString(2)) {
        case DedupResolver.DUPLICATE -> BatchCounts.add(counts.duplicates(), file);
        case DedupResolver.SUPERSEDED -> BatchCounts.add(counts.superseded(), file);
        case DedupResolver.REPLACED -> BatchCounts.add(counts.replaced(), file);
        default -> throw new IllegalStateException("no such outcome: " + outcome.getString(2));
      }
      if (!outcome.getString(2).equals(DedupResolver.REPLACED)) {
        lost.add(List.of(file, outcome.getLong(1)));
      }
    }
    for (Row record : records) {
      String file = record.getAs(SilverColumns.FILE_ID);
      if (!lost.contains(List.of(file, record.<Long>getAs(SilverColumns.RECORD_NUMBER)))) {
        BatchCounts.add(counts.accepted(), file);
        accept(record, held.filter(h -> h.position().isPresent()));
      }
    }
  }

  private void accept(Row record, Optional<HeldRow> row) {
    if (record.<Boolean>getAs(SilverColumns.DELETED)) {
      deletes.add(record);
      row.ifPresent(r -> changes.add(new RowChange.Deleted(r.position().orElseThrow(), r.row())));
      return;
    }
    Row after = inColumns(record, columns, Map.of());
    changes.add(
        row.<RowChange>map(r -> new RowChange.Updated(r.position().orElseThrow(), r.row(), after))
            .orElseGet(() -> new RowChange.Inserted(after)));
  }

  /** A record in the columns of a table; those that it has none of itself have these values. */
  private Row inColumns(Row record, StructType schema, Map<String, Object> others) {
    List<String> known = Arrays.asList(record.schema().fieldNames());
    Object[] values =
        Arrays.stream(schema.fieldNames())
            .map(
                name ->
                    name.equals(SilverColumns.CONTRACT_VERSION)
                        ? contract.version()
                        : known.contains(name) ? record.<Object>getAs(name) : others.get(name))
            .toArray();
    return new GenericRowWithSchema(values, schema);
  }

  /** What becomes of the table's rows. */
  List<RowChange> changes() {
    return changes;
  }

  /** Records that break a rule, with all columns of {@link SilverColumns#parsed}. */
  List<Row> rejects() {
    return rejects;
  }

  /**
   * Accepted deletes as rows of the table of deletes.
   *
   * @param schema that table's columns
   */
  List<Row> deletes(StructType schema, String job, long batchId) {
    Map<String, Object> origin = Map.of(SilverColumns.JOB, job, SilverColumns.BATCH_ID, batchId);
    return deletes.stream().map(record -> inColumns(record, schema, origin)).toList();
  }

  boolean anyDeletes() {
    return !deletes.isEmpty();
  }

  /** As {@link SilverBatch#accounts}. */
  List<FileAccount> accounts(Map<String, Long> landed) {
    return counts.accounts(landed);
  }
}

package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.delta.tables.DeltaMergeBuilder;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.RowChange;
import io.medallion.core.lake.RowDelta;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.EntryJson;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A contract's table in silver: created, evolved and written by the contract. */
final class SilverTable {
  private static final String VERSION = "medallion.contract.version";
  private static final String KEY = "medallion.contract.businessKey";
  private static final String TXN_APPLICATION = "spark.databricks.delta.write.txnAppId";
  private static final String TXN_VERSION = "spark.databricks.delta.write.txnVersion";
  private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  private final SparkSession spark;
  private final Contract contract;
  private final LakeTable table;

  SilverTable(SparkSession spark, Lake lake, Contract contract) {
    this.spark = spark;
    this.contract = contract;
    this.table = lake.table(spark, Lake.Layer.SILVER, contract.table());
  }

  LakeTable table() {
    return table;
  }

  /**
   * Makes the table, or brings its columns up to the contract.
   *
   * @throws ConfigurationException naming every change that the table cannot follow, and the way
   *     out
   */
  void prepare() {
    StructType wanted = SilverColumns.table(contract);
    if (!table.exists()) {
      table.createIfAbsent(
          wanted,
          Map.of(
              "delta.enableChangeDataFeed",
              "true",
              "delta.enableDeletionVectors",
              "true",
              VERSION,
              contract.version(),
              KEY,
              String.join(",", contract.businessKey()),
              LakeTable.SKIPPING_COLUMNS,
              String.join(",", SilverColumns.skipping(contract))));
      return;
    }
    StructType actual = table.schema();
    List<Mistake> mistakes = new ArrayList<>();
    List<StructField> added = new ArrayList<>();
    Set<String> existing = new HashSet<>(List.of(actual.fieldNames()));
    checkKey(mistakes);
    for (StructField field : wanted.fields()) {
      if (!existing.remove(field.name())) {
        added.add(field);
      } else if (!actual.apply(field.name()).dataType().sameType(field.dataType())) {
        mistakes.add(
            incompatible(
                "column "
                    + field.name()
                    + " is "
                    + actual.apply(field.name()).dataType().simpleString()
                    + " in the table and "
                    + field.dataType().simpleString()
                    + " in the contract"));
      }
    }
    existing.forEach(
        name ->
            mistakes.add(incompatible("column " + name + " of the table is not in the contract")));
    for (StructField field : added) {
      if (!field.nullable()) {
        mistakes.add(
            incompatible(
                "column " + field.name() + " is new and required, but rows without it exist"));
      }
    }
    String known = table.properties().getOrDefault(VERSION, "");
    if (mistakes.isEmpty() && !added.isEmpty() && known.equals(contract.version())) {
      mistakes.add(
          new Mistake(
              "contract " + contract.id(),
              "it has new columns but still the version " + known,
              "give it a higher version"));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    relax(actual, wanted);
    if (!known.equals(contract.version())) {
      evolve(added);
    }
  }

  private void checkKey(List<Mistake> mistakes) {
    String key = String.join(",", contract.businessKey());
    String known = table.properties().getOrDefault(KEY, key);
    if (!known.equals(key)) {
      mistakes.add(
          incompatible("its business key is (" + key + "), the table's is (" + known + ")"));
    }
  }

  private Mistake incompatible(String problem) {
    return new Mistake(
        "contract " + contract.id() + " " + contract.version() + " against " + table,
        problem,
        "undo the change, or give the contract a new table name (schema.name) and run silver again:"
            + " bronze still holds every record");
  }

  /** Lets columns be absent that the contract no longer requires: rows in the table keep theirs. */
  private void relax(StructType actual, StructType wanted) {
    Set<String> existing = Set.of(actual.fieldNames());
    for (StructField field : wanted.fields()) {
      if (field.nullable()
          && existing.contains(field.name())
          && !actual.apply(field.name()).nullable()) {
        spark.sql(
            "ALTER TABLE delta.`"
                + table.path()
                + "` ALTER COLUMN `"
                + field.name()
                + "` DROP NOT NULL");
      }
    }
  }

  private void evolve(List<StructField> added) {
    String path = "delta.`" + table.path() + "`";
    if (!added.isEmpty()) {
      StructType grown = new StructType(added.toArray(StructField[]::new));
      spark.sql("ALTER TABLE " + path + " ADD COLUMNS (" + grown.toDDL() + ")");
    }
    spark.sql(
        "ALTER TABLE "
            + path
            + " SET TBLPROPERTIES ('"
            + VERSION
            + "'='"
            + contract.version()
            + "')");
  }

  /** Rows of the table whose key one of {@code keys} has; none where there is no table yet. */
  Dataset<Row> matching(Dataset<Row> keys) {
    if (!table.exists()) {
      return spark.createDataFrame(List.of(), SilverColumns.table(contract));
    }
    scala.collection.Seq<String> key =
        scala.collection.JavaConverters.asScalaBuffer(contract.businessKey()).toSeq();
    return table.read().join(keys, key, "left_semi");
  }

  /**
   * Writes what a batch brings the table, once per application and batch; nothing where that is
   * nothing.
   *
   * @return false where the table has that batch, or a later one, already
   */
  boolean write(SilverBatch batch, String application, Entry entry) {
    if (!batch.replacesRows() && !batch.anyUpserts()) {
      return true;
    }
    // Delta passes over a write of a number that the table has, and tells nobody.
    if (has(application, entry)) {
      return false;
    }
    if (!batch.replacesRows()) {
      append(batch.rowsToWrite(), application, entry);
    } else if (batch.anyDeletes()) {
      merge(batch.rowsToMerge(), true, application, entry);
    } else {
      merge(batch.rowsToWrite(), false, application, entry);
    }
    if (!has(application, entry)) {
      throw new IllegalStateException(
          "%s did not take batch %d of %s"
              .formatted(table.qualifiedName(), entry.batchId(), application));
    }
    return true;
  }

  private boolean has(String application, Entry entry) {
    return table.lastTransaction(application).orElse(-1) >= entry.batchId();
  }

  /**
   * Writes what becomes of rows that a small batch changes, once per application and batch.
   *
   * @return false where the table has that batch already
   */
  boolean write(List<RowChange> changes, String application, Entry entry) {
    return changes.isEmpty()
        || RowDelta.of(table, contract.businessKey())
                .commit(
                    table,
                    changes,
                    Optional.of(
                        new CommitLabel(
                            application, entry.batchId(), Optional.of(EntryJson.write(entry)))))
            >= 0;
  }

  /** Appends rows of keys that the table does not hold, once per application and batch. */
  private void append(Dataset<Row> rows, String application, Entry entry) {
    rows.write()
        .format("delta")
        .mode("append")
        .option("txnAppId", application)
        .option("txnVersion", entry.batchId())
        .option("userMetadata", EntryJson.write(entry))
        .save(table.path());
  }

  /** Inserts rows, or lets them take the place of those with their key, or removes these. */
  private void merge(Dataset<Row> rows, boolean deletes, String application, Entry entry) {
    RuntimeConfig conf = spark.conf();
    conf.set(TXN_APPLICATION, application);
    conf.set(TXN_VERSION, entry.batchId());
    conf.set(USER_METADATA, EntryJson.write(entry));
    try {
      String onKey =
          String.join(
              " AND ",
              contract.businessKey().stream()
                  .map(c -> "held.`" + c + "` = new.`" + c + "`")
                  .toList());
      DeltaMergeBuilder merge = table.delta().as("held").merge(rows.as("new"), onKey);
      if (deletes) {
        Column deleted = col("new." + SilverColumns.DELETED);
        merge =
            merge
                .whenMatched(deleted)
                .delete()
                .whenMatched()
                .updateAll()
                .whenNotMatched(not(deleted))
                .insertAll();
      } else {
        merge = merge.whenMatched().updateAll().whenNotMatched().insertAll();
      }
      merge.execute();
    } finally {
      conf.unset(TXN_APPLICATION);
      conf.unset(TXN_VERSION);
      conf.unset(USER_METADATA);
    }
  }
}

package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.ColumnBounds;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A contract's deletes, recorded so that a record older than the delete of its key stays out
 * whenever it arrives. One row for every delete that was accepted, never changed.
 *
 * <p>Which of them counts follows from the table beside it: where that holds a row of the key, the
 * row came later than every delete; where it holds none, the latest delete of the key is in force.
 */
final class DeletesTable {
  private final Contract contract;
  private final LakeTable table;
  private final Ledger ledger;

  DeletesTable(SparkSession spark, Lake lake, Ledger ledger, Contract contract) {
    this.contract = contract;
    this.table = lake.table(spark, Lake.Layer.SILVER, contract.deletesTable());
    this.ledger = ledger;
  }

  LakeTable table() {
    return table;
  }

  boolean exists() {
    return table.exists();
  }

  /** Keeps a batch's deletes, once: a batch that is done again takes the place of what it left. */
  void write(SilverBatch batch, String job, String application, long batchId) {
    boolean doneBefore = exists() && table.lastTransaction(application).orElse(-1) >= batchId;
    if (!batch.anyDeletes() && !doneBefore) {
      return;
    }
    prepare();
    List<Column> columns = new ArrayList<>();
    for (String name : SilverColumns.deletes(contract).fieldNames()) {
      columns.add(
          switch (name) {
            case SilverColumns.CONTRACT_VERSION -> lit(contract.version()).as(name);
            case SilverColumns.JOB -> lit(job).as(name);
            case SilverColumns.BATCH_ID -> lit(batchId).as(name);
            default -> col(name);
          });
    }
    Dataset<Row> rows = batch.deletes().select(columns.toArray(Column[]::new));
    if (doneBefore) {
      replace(rows, job, batchId);
    } else {
      rows.coalesce(1)
          .write()
          .format("delta")
          .mode("append")
          .option("txnAppId", application)
          .option("txnVersion", batchId)
          .save(table.path());
    }
  }

  /** As {@link #write(SilverBatch, String, String, long)}. */
  void write(CollectedBatch batch, String job, String application, long batchId) {
    boolean doneBefore = exists() && table.lastTransaction(application).orElse(-1) >= batchId;
    if (!batch.anyDeletes() && !doneBefore) {
      return;
    }
    prepare();
    List<Row> rows = batch.deletes(table.schema(), job, batchId);
    if (doneBefore) {
      replace(table.spark().createDataFrame(rows, table.schema()), job, batchId);
    } else {
      table.append(rows, Optional.of(CommitLabel.of(application, batchId)));
    }
  }

  private void replace(Dataset<Row> rows, String job, long batchId) {
    rows.coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", "_job = '" + job + "' AND _batch_id = " + batchId)
        .save(table.path());
  }

  private void prepare() {
    StructType wanted = SilverColumns.deletes(contract);
    table.createIfAbsent(wanted, Map.of());
    Set<String> existing = Set.of(table.schema().fieldNames());
    StructField[] added =
        Arrays.stream(wanted.fields())
            .filter(field -> !existing.contains(field.name()))
            .toArray(StructField[]::new);
    if (added.length > 0) {
      table
          .spark()
          .sql(
              "ALTER TABLE delta.`"
                  + table.path()
                  + "` ADD COLUMNS ("
                  + new StructType(added).toDDL()
                  + ")");
    }
  }

  /** Removes the rows of a batch that died before its ledger entry. */
  void removeUnrecorded(String job) {
    if (exists()) {
      long recorded = ledger.lastBatch(job, contract.table());
      Column unrecorded = col(SilverColumns.JOB).equalTo(job).and(col("_batch_id").gt(recorded));
      if (!table.read().where(unrecorded).isEmpty()) {
        table.delta().delete(unrecorded);
      }
    }
  }

  /**
   * Every delete of one of {@code keys}, without what an unfinished batch left.
   *
   * @return the columns of {@link SilverColumns#deletes}
   */
  Dataset<Row> matching(Dataset<Row> keys) {
    return recorded()
        .join(
            keys,
            scala.collection.JavaConverters.asScalaBuffer(contract.businessKey()).toSeq(),
            "left_semi");
  }

  /** Every delete within bounds of their keys, without what an unfinished batch left. */
  Dataset<Row> recordedWithin(ColumnBounds... keys) {
    return table.rowsWithin(keys).where(isRecorded());
  }

  private Dataset<Row> recorded() {
    return table.read().where(isRecorded());
  }

  private Column isRecorded() {
    Column recorded = lit(false);
    for (String job : List.of(SilverStream.JOB, Replay.JOB)) {
      recorded =
          recorded.or(
              col(SilverColumns.JOB)
                  .equalTo(job)
                  .and(col(SilverColumns.BATCH_ID).leq(ledger.lastBatch(job, contract.table()))));
    }
    return recorded;
  }

  /** The latest delete of each key among these. */
  Dataset<Row> latest(Dataset<Row> deletes) {
    Set<String> known = Set.of(deletes.columns());
    List<Column> order = new ArrayList<>();
    contract.sequence().stream()
        .filter(known::contains)
        .forEach(c -> order.add(col(c).desc_nulls_last()));
    order.add(col(SilverColumns.LANDING_SEQ).desc());
    order.add(col(SilverColumns.RECORD_NUMBER).desc());
    Column[] key = contract.businessKey().stream().map(c -> col(c)).toArray(Column[]::new);
    return deletes
        .withColumn(
            "_rank",
            row_number().over(Window.partitionBy(key).orderBy(order.toArray(Column[]::new))))
        .where("_rank = 1")
        .drop("_rank");
  }

  /** The deletes in force: the latest of each key of which silver holds no row. */
  Dataset<Row> standing(Dataset<Row> rows) {
    Dataset<Row> latest = latest(recorded());
    return latest.join(
        rows,
        scala.collection.JavaConverters.asScalaBuffer(contract.businessKey()).toSeq(),
        "left_anti");
  }
}

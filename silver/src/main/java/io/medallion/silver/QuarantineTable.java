package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.silver.parse.SilverColumns;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code silver.quarantine}: every record that broke a rule, with all reasons and its exact bytes.
 */
final class QuarantineTable {
  private static final StructType FILES =
      new StructType()
          .add("file_id", DataTypes.StringType, false)
          .add("feed", DataTypes.StringType, false)
          .add("source_uri", DataTypes.StringType, false)
          .add("encoding", DataTypes.StringType, false);

  private final Contract contract;
  private final LakeTable table;

  QuarantineTable(SparkSession spark, Lake lake, Contract contract) {
    this.contract = contract;
    this.table = lake.quarantine(spark);
  }

  LakeTable table() {
    return table;
  }

  /**
   * Keeps a batch's rejects, once: a batch that is done again, under a contract that was edited in
   * between, takes the place of what it left the first time.
   */
  void write(
      SilverBatch batch, List<ManifestFile> files, String application, long batchId, Instant now) {
    boolean doneBefore = doneBefore(application, batchId);
    if (!batch.anyRejected() && !doneBefore) {
      return;
    }
    prepare();
    // In the table's session, in which a commit compacts nothing.
    Dataset<Row> rows =
        table
            .spark()
            .createDataFrame(
                rows(batch.rejects(), files, batchId, now).javaRDD(), SilverColumns.QUARANTINE);
    if (doneBefore) {
      replace(rows, batchId);
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

  /** As {@link #write(SilverBatch, List, String, long, Instant)}. */
  void write(
      CollectedBatch batch,
      List<ManifestFile> files,
      String application,
      long batchId,
      Instant now) {
    boolean doneBefore = doneBefore(application, batchId);
    if (batch.rejects().isEmpty() && !doneBefore) {
      return;
    }
    prepare();
    Map<String, ManifestFile> byId =
        files.stream().collect(Collectors.toMap(ManifestFile::fileId, file -> file));
    List<Row> rows =
        batch.rejects().stream()
            .map(
                reject ->
                    row(
                        reject,
                        byId.get(reject.<String>getAs(SilverColumns.FILE_ID)),
                        batchId,
                        now))
            .toList();
    if (doneBefore) {
      replace(table.spark().createDataFrame(rows, SilverColumns.QUARANTINE), batchId);
    } else {
      table.append(rows, Optional.of(CommitLabel.of(application, batchId)));
    }
  }

  private boolean doneBefore(String application, long batchId) {
    return table.lastTransaction(application).orElse(-1) >= batchId;
  }

  private void prepare() {
    table.createIfAbsent(
        SilverColumns.QUARANTINE,
        Map.of(
            "delta.enableDeletionVectors",
            "true",
            LakeTable.SKIPPING_COLUMNS,
            "table_name,feed,batch_id"));
  }

  private void replace(Dataset<Row> rows, long batchId) {
    rows.coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", "table_name = '" + contract.table() + "' AND batch_id = " + batchId)
        .save(table.path());
  }

  private Row row(Row reject, ManifestFile file, long batchId, Instant now) {
    byte[] raw = reject.getAs(SilverColumns.RAW);
    return RowFactory.create(
        contract.table(),
        file.feed(),
        file.fileId(),
        file.sourceUri(),
        reject.<Object>getAs(SilverColumns.RECORD_NUMBER),
        reject.<Object>getAs(SilverColumns.LANDING_SEQ),
        reject.<Object>getAs(SilverColumns.REASONS),
        raw,
        new String(raw, Charset.forName(file.format().encoding())),
        contract.version(),
        batchId,
        now,
        null);
  }

  private Dataset<Row> rows(
      Dataset<Row> rejects, List<ManifestFile> files, long batchId, Instant now) {
    Dataset<Row> names =
        rejects
            .sparkSession()
            .createDataFrame(
                files.stream()
                    .map(
                        f ->
                            RowFactory.create(
                                f.fileId(), f.feed(), f.sourceUri(), f.format().encoding()))
                    .toList(),
                FILES);
    return rejects
        .join(
            org.apache.spark.sql.functions.broadcast(names),
            col(SilverColumns.FILE_ID).equalTo(col("file_id")))
        .select(
            lit(contract.table()).as("table_name"),
            col("feed"),
            col("file_id"),
            col("source_uri"),
            col(SilverColumns.RECORD_NUMBER).as("record_number"),
            col(SilverColumns.LANDING_SEQ).as("landing_seq"),
            col(SilverColumns.REASONS).as("reasons"),
            col(SilverColumns.RAW).as("raw"),
            expr("decode(_raw, encoding)").as("raw_text"),
            lit(contract.version()).as("contract_version"),
            lit(batchId).as("batch_id"),
            lit(java.sql.Timestamp.from(now)).as("quarantined_at"),
            lit(null).cast(DataTypes.StringType).as("replay_id"));
  }

  /** The contract's quarantined records that a filter selects. */
  Dataset<Row> select(QuarantineFilter filter) {
    return table
        .read()
        .where(col("table_name").equalTo(contract.table()))
        .where(filter.condition());
  }

  /** Files of quarantined records. */
  List<ManifestFile> files(LakeTable manifest, Dataset<Row> quarantined) {
    Object[] ids =
        quarantined.select("file_id").distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .toArray();
    List<ManifestFile> files = new ArrayList<>();
    manifest
        .read()
        .where(col("status").equalTo(Manifest.LANDED).and(col("file_id").isin(ids)))
        .collectAsList()
        .forEach(row -> files.add(Manifest.file(row)));
    return files;
  }

  /** Marks records as leaving with a replay. */
  void mark(Dataset<Row> identities, String replayId) {
    delta()
        .as("q")
        .merge(
            identities.as("p"),
            "q.table_name = '"
                + contract.table()
                + "' AND q.file_id = p._file_id AND q.record_number = p._record_number")
        .whenMatched()
        .update(Map.of("replay_id", lit(replayId)))
        .execute();
  }

  /** Whether the table still has records that a replay has moved to silver. */
  boolean holdsMarked(String replayId) {
    return table.exists() && !table.read().where(col("replay_id").equalTo(replayId)).isEmpty();
  }

  /** Removes the records that a replay has moved to silver. */
  void remove(String replayId) {
    delta().delete(col("replay_id").equalTo(replayId));
  }

  private DeltaTable delta() {
    return table.delta();
  }
}

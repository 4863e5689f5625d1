package io.medallion.core.lake;

import io.delta.exceptions.ConcurrentAppendException;
import io.delta.exceptions.ConcurrentDeleteReadException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.delta.deletionvectors.DeletionVectorStoredBitmap;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArray;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArrayFormat$;
import org.apache.spark.sql.delta.storage.dv.DeletionVectorStoreUtils;
import org.apache.spark.sql.delta.storage.dv.HadoopFileSystemDVStore;
import org.apache.spark.sql.delta.util.PathWithFileSystem;
import org.apache.spark.sql.types.StructField;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Takes rows away by deletion vectors and writes the rows and change images that come, without a
 * Spark job.
 *
 * <p>A vector is a file of the table. In the log itself it would be read by Spark, but Delta 3.3's
 * VACUUM fails on it. The change feed of a commit that takes rows away is written with it: without
 * it, Delta derives the feed from whole data files.
 */
public final class PositionDelta implements RowDelta {
  private static final int ATTEMPTS = 10;

  /** Features of Delta's tables that ask nothing of a writer that this class does not do. */
  private static final Set<String> FEATURES =
      Set.of(
          "appendOnly",
          "invariants",
          "checkConstraints",
          "changeDataFeed",
          "generatedColumns",
          "columnMapping",
          "identityColumns",
          "deletionVectors",
          "domainMetadata",
          "clustering",
          "timestampNtz",
          "v2Checkpoint",
          "vacuumProtocolCheck");

  /** Whether the table has deletion vectors, and nothing that only Delta's own writer does. */
  static boolean suits(LakeTable table) {
    return appends(table) && "true".equals(table.properties().get("delta.enableDeletionVectors"));
  }

  /** Whether the table exists and has nothing that only Delta's own writer does. */
  static boolean appends(LakeTable table) {
    Snapshot snapshot = table.snapshot();
    if (snapshot.version() < 0) {
      return false;
    }
    Metadata metadata = snapshot.metadata();
    Map<String, String> properties = table.properties();
    Set<String> features =
        JavaConverters.setAsJavaSet(snapshot.protocol().readerAndWriterFeatureNames());
    return metadata.partitionColumns().isEmpty()
        && "none".equals(metadata.columnMappingMode().name())
        && properties.keySet().stream().noneMatch(name -> name.startsWith("delta.constraints."))
        && FEATURES.containsAll(features)
        && Arrays.stream(metadata.schema().fields()).noneMatch(PositionDelta::computed);
  }

  private static boolean computed(StructField column) {
    return List.of("delta.generationExpression", "delta.identity.start", "delta.invariants")
        .stream()
        .anyMatch(column.metadata()::contains);
  }

  @Override
  public long commit(LakeTable table, List<RowChange> changes, Optional<CommitLabel> label) {
    if (changes.isEmpty()) {
      return -1;
    }
    RowFiles.checkFit(table.toString(), table.schema(), changes);
    return table.inItsSession(() -> attempt(table, changes, label));
  }

  private static long attempt(
      LakeTable table, List<RowChange> changes, Optional<CommitLabel> label) {
    DeltaLog log = DeltaLog.forTable(table.spark(), table.path());
    List<Action> written = null;
    for (int attempt = 1; ; attempt++) {
      OptimisticTransaction transaction = log.startTransaction();
      if (label.isPresent()) {
        // Makes Delta fail the commit where another one of the application comes in between. Its
        // own txnVersion would, but computes the table's state for it.
        transaction.readTxn().$plus$eq(label.get().application());
        if (LakeTable.lastTransaction(transaction.snapshot(), label.get().application()).orElse(-1)
            >= label.get().number()) {
          return -1;
        }
      }
      List<Action> actions = new ArrayList<>();
      label.ifPresent(
          l ->
              actions.add(
                  new SetTransaction(
                      l.application(), l.number(), Option.apply(log.clock().getTimeMillis()))));
      actions.addAll(removals(table, log, transaction, changes));
      if (written == null) {
        written = written(table, log, transaction, changes);
      }
      actions.addAll(written);
      try {
        long version =
            transaction.commit(
                JavaConverters.asScalaBuffer(actions).toSeq(),
                RowDeltaOperation.of(changes, label));
        // Spark takes what it has cached of one version for that of the next.
        table.spark().sharedState().cacheManager().recacheByPath(table.spark(), table.path());
        return version;
      } catch (DeltaConcurrentModificationException e) {
        // Of the same application: done already. Of the same files: the positions tell.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Appends rows to one version of a table, whose isolation is to be serializable: other levels let
   * appends pass one another.
   */
  static long append(LakeTable table, long version, List<Row> rows) {
    if (!appends(table)) {
      throw new IllegalStateException(
          table + " has features that need Delta's own writer: " + table.properties());
    }
    List<RowChange> changes = rows.stream().<RowChange>map(RowChange.Inserted::new).toList();
    RowFiles.checkFit(table.toString(), table.schema(), changes);
    DeltaLog log = DeltaLog.forTable(table.spark(), table.path());
    OptimisticTransaction transaction = log.startTransaction();
    if (transaction.readVersion() != version) {
      throw new ConcurrentAppendException(
          table + " has the version " + transaction.readVersion() + ", no longer " + version);
    }
    transaction.readWholeTable();
    return transaction.commit(
        JavaConverters.asScalaBuffer(written(table, log, transaction, changes)).toSeq(),
        RowDeltaOperation.of(changes, Optional.empty()));
  }

  private static List<Action> removals(
      LakeTable table, DeltaLog log, OptimisticTransaction transaction, List<RowChange> changes) {
    Map<String, List<Long>> positions = new HashMap<>();
    for (RowChange change : changes) {
      change
          .taken()
          .ifPresent(
              taken ->
                  positions
                      .computeIfAbsent(taken.fileName(), name -> new ArrayList<>())
                      .add(taken.index()));
    }
    if (positions.isEmpty()) {
      return List.of();
    }
    HadoopFileSystemDVStore store = new HadoopFileSystemDVStore(log.newDeltaHadoopConf());
    List<Action> actions = new ArrayList<>();
    List<AddFile> read = new ArrayList<>();
    for (AddFile file : TableFiles.of(transaction.snapshot())) {
      List<Long> rows = positions.remove(TableFiles.name(file));
      if (rows != null) {
        read.add(file);
        actions.addAll(without(table, log, store, file, rows));
      }
    }
    if (!positions.isEmpty()) {
      throw moved(table, "its files " + positions.keySet() + " are no longer part of it");
    }
    Seq<AddFile> files = JavaConverters.asScalaBuffer(read).toSeq();
    transaction.trackFilesRead(files);
    return actions;
  }

  /** Takes rows of one file away, and the file where it then has none. */
  private static List<Action> without(
      LakeTable table, DeltaLog log, HadoopFileSystemDVStore store, AddFile file, List<Long> rows) {
    RoaringBitmapArray bitmap =
        file.deletionVector() == null
            ? new RoaringBitmapArray()
            : DeletionVectorStoredBitmap.apply(file.deletionVector(), Option.apply(log.dataPath()))
                .load(store);
    for (long row : rows) {
      if (bitmap.contains(row)) {
        throw moved(table, "row " + row + " of its file " + file.path() + " was removed");
      }
      bitmap.add(row);
    }
    Option<Object> physical = file.numPhysicalRecords();
    if (physical.isEmpty()) {
      throw new IllegalStateException(
          table
              + ": nothing says how many rows its file "
              + file.path()
              + " has, since it was written without statistics. Run OPTIMIZE on the table.");
    }
    long all = (Long) physical.get();
    if (bitmap.last().isDefined() && (Long) bitmap.last().get() >= all) {
      throw new IllegalArgumentException(
          table + ": its file " + file.path() + " has " + all + " rows, no row " + rows);
    }
    if (bitmap.cardinality() == all) {
      return List.of(file.removeWithTimestamp(log.clock().getTimeMillis(), true));
    }
    Tuple2<AddFile, RemoveFile> pair = file.removeRows(stored(log, store, bitmap), true, true);
    return List.of(pair._1(), pair._2());
  }

  private static DeletionVectorDescriptor stored(
      DeltaLog log, HadoopFileSystemDVStore store, RoaringBitmapArray bitmap) {
    bitmap.runOptimize();
    byte[] bytes = bitmap.serializeAsByteArray(RoaringBitmapArrayFormat$.MODULE$.Portable());
    UUID id = UUID.randomUUID();
    PathWithFileSystem file =
        store.generateFileNameInTable(
            PathWithFileSystem.withConf(log.dataPath(), log.newDeltaHadoopConf()), id, "");
    try (DeletionVectorStoreUtils.Writer writer = store.createWriter(file)) {
      DeletionVectorStoreUtils.DVRangeDescriptor range = writer.write(bytes);
      return DeletionVectorDescriptor.onDiskWithRelativePath(
          id, "", bytes.length, bitmap.cardinality(), Option.apply(range.offset()), Option.empty());
    }
  }

  private static ConcurrentDeleteReadException moved(LakeTable table, String how) {
    return new ConcurrentDeleteReadException(
        "rows of " + table + " were changed or moved by another commit: " + how);
  }

  private static List<Action> written(
      LakeTable table, DeltaLog log, OptimisticTransaction transaction, List<RowChange> changes) {
    RowFiles files = new RowFiles(table.spark(), log, transaction);
    List<Action> actions = new ArrayList<>();
    List<Row> rows = changes.stream().flatMap(change -> change.given().stream()).toList();
    if (!rows.isEmpty()) {
      actions.add(files.data(rows));
    }
    boolean takes = changes.stream().anyMatch(change -> change.taken().isPresent());
    if (takes && "true".equals(table.properties().get("delta.enableChangeDataFeed"))) {
      actions.add(files.changes(images(changes)));
    }
    return actions;
  }

  private static List<Row> images(List<RowChange> changes) {
    List<Row> images = new ArrayList<>();
    for (RowChange change : changes) {
      if (change instanceof RowChange.Inserted inserted) {
        images.add(image(inserted.after(), "insert"));
      } else if (change instanceof RowChange.Updated updated) {
        images.add(image(updated.before(), "update_preimage"));
        images.add(image(updated.after(), "update_postimage"));
      } else if (change instanceof RowChange.Deleted deleted) {
        images.add(image(deleted.before(), "delete"));
      }
    }
    return images;
  }

  private static Row image(Row row, String type) {
    Object[] values = new Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = type;
    return RowFactory.create(values);
  }
}

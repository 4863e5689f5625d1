package io.medallion.core.lake;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.commands.cdc.CDCReader;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * One version of a table, whatever is committed later. Its log is read once, and so are the names
 * of its files.
 */
public final class TableVersion {
  private final LakeTable table;
  private final Snapshot snapshot;
  private TableFiles files;

  TableVersion(LakeTable table, Snapshot snapshot) {
    this.table = table;
    this.snapshot = snapshot;
  }

  /** Delta's id of the table: one that is made anew in its place has another. */
  public String tableId() {
    return snapshot.metadata().id();
  }

  public long version() {
    return snapshot.version();
  }

  /** The columns, with nullability and comments. */
  public StructType schema() {
    return snapshot.schema();
  }

  /** The rows, from the files of this version. */
  public Dataset<Row> rows() {
    return table.inItsSession(() -> files().rows());
  }

  /**
   * The number of rows, from the statistics of the files and their deletion vectors.
   *
   * @return absent where a file was written without statistics
   */
  public OptionalLong rowCount() {
    long rows = 0;
    for (AddFile file : table.inItsSession(() -> files().list())) {
      Option<Object> known = file.numLogicalRecords();
      if (known.isEmpty()) {
        return OptionalLong.empty();
      }
      rows += (Long) known.get();
    }
    return OptionalLong.of(rows);
  }

  /** What the commits after an earlier version did, up to this one. */
  public CommitSpan commitsAfter(long version) {
    return CommitSpan.of(snapshot.deltaLog(), version, version());
  }

  /**
   * Row changes after an earlier version, up to this one, with Delta's {@code _change_type} and
   * {@code _commit_version}. Days and instants are as they are in the files: Delta's own source
   * would pass them through classes that have no days between the Julian and the Gregorian
   * calendar.
   */
  public Dataset<Row> changesAfter(long version) {
    return table.inItsSession(
        () ->
            CDCReader.changesToBatchDF(
                snapshot.deltaLog(),
                version + 1,
                version(),
                table.spark(),
                Option.apply(snapshot),
                false,
                Option.empty()));
  }

  private TableFiles files() {
    if (files == null) {
      files = TableFiles.of(table, snapshot);
    }
    return files;
  }

  @Override
  public String toString() {
    return table + " at version " + version();
  }
}

package io.medallion.core.reader;

import io.delta.kernel.Table;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableImpl;
import io.medallion.core.LakeException;
import java.util.Optional;

/** A Delta table of the lake, by its path. It need not exist. */
public final class TableReader {
  private final LogEngine engine;
  private final String qualifiedName;
  private final String path;

  /** Null until it was asked for. */
  private Optional<TableSnapshot> latest;

  /** What another reader knew of the table before. */
  private final Optional<TableSnapshot> earlier;

  TableReader(
      LogEngine engine, String qualifiedName, String path, Optional<TableSnapshot> earlier) {
    this.engine = engine;
    this.qualifiedName = qualifiedName;
    this.path = path;
    this.earlier = earlier;
  }

  /** {@code layer.name}, as SQL names it. */
  public String qualifiedName() {
    return qualifiedName;
  }

  String path() {
    return path;
  }

  /** The table as it was when this was first asked; empty where it did not exist. */
  public synchronized Optional<TableSnapshot> latest() {
    if (latest == null) {
      latest = earlier.isPresent() && earlier.get().isNewest() ? earlier : read();
    }
    return latest;
  }

  private Optional<TableSnapshot> read() {
    try {
      return Optional.of(snapshot((SnapshotImpl) table().getLatestSnapshot(engine)));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is known of the table without a further look. */
  synchronized Optional<TableSnapshot> known() {
    return latest == null ? Optional.empty() : latest;
  }

  /**
   * The table at a version.
   *
   * @throws LakeException where there is no such version, or no longer
   */
  public TableSnapshot at(long version) {
    try {
      return snapshot((SnapshotImpl) table().getSnapshotAsOfVersion(engine, version));
    } catch (KernelException e) {
      throw new LakeException(
          qualifiedName + " has no version " + version + ": " + e.getMessage(),
          "name one that its log still has",
          e);
    }
  }

  /**
   * Row changes from one version to another, both included: each row has Delta's {@code
   * _change_type} and {@code _commit_version} behind the table's own columns.
   *
   * @throws LakeException where the log does not have all these versions
   */
  public RowStream changes(long fromVersion, long toVersion) {
    TableSnapshot schema = at(toVersion);
    return new TableChanges(engine, (TableImpl) table(), schema).rows(fromVersion, toVersion);
  }

  /**
   * Whether a commit after {@code version} changed rows; what only puts files together does not.
   *
   * @throws LakeException where the log does not have all commits since
   */
  public boolean hasChangedSince(long version) {
    return latest()
        .filter(now -> now.version() > version)
        .map(
            now ->
                new TableChanges(engine, (TableImpl) table(), now).any(version + 1, now.version()))
        .orElse(false);
  }

  private Table table() {
    return Table.forPath(engine, path);
  }

  private TableSnapshot snapshot(SnapshotImpl snapshot) {
    return new TableSnapshot(engine, snapshot);
  }

  @Override
  public String toString() {
    return qualifiedName;
  }
}

package io.medallion.gold.table;

import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.RowChange;
import io.medallion.core.lake.RowDelta;
import io.medallion.core.rows.RowImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * What has to change in a table so that it has the wanted rows, in the driver's memory: to be
 * committed, to be checked, and to be handed on to the tables that depend on it.
 */
public final class RowDifference {
  private final StructType schema;
  private final List<RowImage> images = new ArrayList<>();
  private final List<RowChange> changes = new ArrayList<>();
  private long inserted;
  private long updated;
  private long deleted;

  /** No change of a table with these columns. */
  public RowDifference(StructType schema) {
    this.schema = schema;
  }

  /** Adds what makes the held row the wanted one; nothing where they are the same. */
  public void add(Optional<HeldRow> held, Optional<InternalRow> wanted) {
    if (held.isEmpty() && wanted.isEmpty()
        || held.isPresent() && wanted.isPresent() && held.get().sameAs(wanted.get(), schema)) {
      return;
    }
    held.ifPresent(row -> images.add(new RowImage(row.row(), -1, 0)));
    wanted.ifPresent(row -> images.add(new RowImage(row, 1, 0)));
    if (held.isEmpty()) {
      inserted++;
      changes.add(HeldRow.inserted(wanted.get(), schema));
    } else if (wanted.isEmpty()) {
      deleted++;
      changes.add(held.get().deleted(schema));
    } else {
      updated++;
      changes.add(held.get().updatedTo(wanted.get(), schema));
    }
  }

  /** The table's columns. */
  public StructType schema() {
    return schema;
  }

  /** The rows that come and go, in Spark's internal form; their version means nothing. */
  public List<RowImage> images() {
    return images;
  }

  /**
   * Commits the changes; nothing where there are none.
   *
   * @param key columns that no two rows of the table have in common
   * @param label makes the commit happen once
   * @throws OvertakenBuildException where another build has made this commit
   */
  public TableChange commit(LakeTable table, List<String> key, CommitLabel label) {
    if (isEmpty()) {
      return new TableChange(table.name(), 0, 0, 0, table.version());
    }
    long version = RowDelta.of(table, key).commit(table, changes, Optional.of(label));
    if (version < 0) {
      throw new OvertakenBuildException(table);
    }
    return new TableChange(table.name(), inserted, updated, deleted, version);
  }

  public long inserted() {
    return inserted;
  }

  public long updated() {
    return updated;
  }

  public long deleted() {
    return deleted;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }
}

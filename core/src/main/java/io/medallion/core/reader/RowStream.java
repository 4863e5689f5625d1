package io.medallion.core.reader;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Rows of a table, read as they are asked for. A row is valid until the next one is asked for: who
 * keeps more than that of it takes the values out.
 */
public final class RowStream implements Iterator<LakeRow>, AutoCloseable {
  private final CloseableIterator<Batch> batches;
  private final List<String> columns;
  private final Bounds bounds;
  private Batch batch;
  private int size;
  private int next;
  private LakeRow row;

  /**
   * Rows as columns.
   *
   * @param chosen by their places, those that are rows of the stream
   */
  record Batch(ColumnarBatch columns, IntPredicate chosen) {
    static Batch all(ColumnarBatch columns) {
      return new Batch(columns, at -> true);
    }

    static Batch of(FilteredColumnarBatch filtered) {
      Optional<ColumnVector> selection = filtered.getSelectionVector();
      return selection.isEmpty()
          ? all(filtered.getData())
          : new Batch(
              filtered.getData(),
              at -> !selection.get().isNullAt(at) && selection.get().getBoolean(at));
    }
  }

  RowStream(CloseableIterator<Batch> batches, List<String> columns, Bounds bounds) {
    this.batches = batches;
    this.columns = List.copyOf(columns);
    this.bounds = bounds;
  }

  /** Names of the rows' columns. */
  public List<String> columns() {
    return columns;
  }

  @Override
  public boolean hasNext() {
    while (row == null) {
      if (next == size) {
        if (!batches.hasNext()) {
          return false;
        }
        batch = batches.next();
        size = batch.columns().getSize();
        next = 0;
        continue;
      }
      int at = next++;
      if (batch.chosen().test(at)) {
        LakeRow candidate = new BatchRow(batch.columns(), at, columns);
        if (bounds.hold(candidate)) {
          row = candidate;
        }
      }
    }
    return true;
  }

  @Override
  public LakeRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    LakeRow found = row;
    row = null;
    return found;
  }

  @Override
  public void close() {
    try {
      batches.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row within a batch of columns. */
  private record BatchRow(ColumnarBatch batch, int at, List<String> columns) implements LakeRow {
    @Override
    public Object value(String column) {
      StructType schema = batch.getSchema();
      int ordinal = schema.indexOf(column);
      return ordinal < 0 ? null : KernelRows.value(batch.getColumnVector(ordinal), at);
    }
  }
}

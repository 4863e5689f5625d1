package io.medallion.core.reader;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.DeltaLogActionUtils.DeltaAction;
import io.delta.kernel.internal.TableImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.DeletionVectorUtils;
import io.delta.kernel.internal.deletionvectors.RoaringBitmapArray;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.medallion.core.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Row changes of commits. A commit that wrote change files says itself what changed; of another,
 * the rows of added files came and those of removed ones went, and where only a file's deletion
 * vector changed, the rows between the two vectors.
 */
final class TableChanges {
  static final String TYPE = "_change_type";
  static final String VERSION = "_commit_version";
  private static final Set<DeltaAction> FILES =
      Set.of(DeltaAction.ADD, DeltaAction.REMOVE, DeltaAction.CDC);

  private final Engine engine;
  private final TableImpl table;
  private final TableSnapshot latest;

  TableChanges(Engine engine, TableImpl table, TableSnapshot latest) {
    this.engine = engine;
    this.table = table;
    this.latest = latest;
  }

  /** A file whose rows a commit brought, removed, or named as changes. */
  private record ChangedFile(
      String path,
      long bytes,
      Optional<DeletionVectorDescriptor> before,
      boolean was,
      Optional<DeletionVectorDescriptor> after,
      boolean is) {}

  /** What a commit did to files. */
  private static final class Commit {
    private final Map<String, ChangedFile> files = new LinkedHashMap<>();
    private final Map<String, Long> changes = new LinkedHashMap<>();
  }

  /** The changes of all commits between two versions, both included. */
  RowStream rows(long fromVersion, long toVersion) {
    List<CloseableIterator<RowStream.Batch>> parts = new ArrayList<>();
    commits(fromVersion, toVersion).forEach((version, commit) -> add(parts, version, commit));
    List<String> columns = new ArrayList<>(latest.columns());
    columns.add(TYPE);
    columns.add(VERSION);
    return new RowStream(new Concatenated(parts.iterator()), columns, Bounds.NONE);
  }

  /** Whether one of the commits between two versions, both included, changed rows. */
  boolean any(long fromVersion, long toVersion) {
    return commits(fromVersion, toVersion).values().stream()
        .anyMatch(commit -> !commit.changes.isEmpty() || !commit.files.isEmpty());
  }

  private Map<Long, Commit> commits(long fromVersion, long toVersion) {
    Map<Long, Commit> commits = new LinkedHashMap<>();
    try (CloseableIterator<ColumnarBatch> batches =
        table.getChanges(engine, fromVersion, toVersion, FILES)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            note(rows.next(), commits);
          }
        }
      }
    } catch (KernelException e) {
      throw new LakeException(
          "changes from version %d to %d are not in the log: %s"
              .formatted(fromVersion, toVersion, e.getMessage()),
          "name versions that the log still has",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return commits;
  }

  private void note(Row action, Map<Long, Commit> commits) {
    StructType schema = action.getSchema();
    Commit commit =
        commits.computeIfAbsent(action.getLong(schema.indexOf("version")), version -> new Commit());
    struct(action, "cdc").ifPresent(cdc -> commit.changes.put(path(cdc), bytes(cdc)));
    struct(action, "add")
        .filter(TableChanges::dataChange)
        .ifPresent(
            add ->
                commit.files.merge(
                    path(add),
                    new ChangedFile(
                        path(add), bytes(add), Optional.empty(), false, vector(add), true),
                    (a, b) -> new ChangedFile(a.path, b.bytes, a.before, a.was, b.after, b.is)));
    struct(action, "remove")
        .filter(TableChanges::dataChange)
        .ifPresent(
            gone ->
                commit.files.merge(
                    path(gone),
                    new ChangedFile(
                        path(gone), bytes(gone), vector(gone), true, Optional.empty(), false),
                    (a, b) -> new ChangedFile(a.path, a.bytes, b.before, b.was, a.after, a.is)));
  }

  private static Optional<Row> struct(Row row, String name) {
    int ordinal = row.getSchema().indexOf(name);
    return ordinal < 0 || row.isNullAt(ordinal)
        ? Optional.empty()
        : Optional.of(row.getStruct(ordinal));
  }

  private static boolean dataChange(Row file) {
    return file.getBoolean(file.getSchema().indexOf("dataChange"));
  }

  private static Optional<DeletionVectorDescriptor> vector(Row file) {
    return struct(file, "deletionVector").map(DeletionVectors::of);
  }

  private static long bytes(Row file) {
    int ordinal = file.getSchema().indexOf("size");
    return file.isNullAt(ordinal) ? 0 : file.getLong(ordinal);
  }

  private String path(Row file) {
    String written = file.getString(file.getSchema().indexOf("path"));
    String decoded = URLDecoder.decode(written.replace("+", "%2B"), StandardCharsets.UTF_8);
    return decoded.matches("(/|[a-zA-Z][a-zA-Z0-9+.-]*:).*")
        ? decoded
        : latest.root() + "/" + decoded;
  }

  private void add(List<CloseableIterator<RowStream.Batch>> parts, long version, Commit commit) {
    if (!commit.changes.isEmpty()) {
      commit.changes.forEach((path, bytes) -> parts.add(ofChangeFile(path, bytes, version)));
      return;
    }
    for (ChangedFile file : commit.files.values()) {
      Optional<RoaringBitmapArray> before = file.before().map(this::bitmap);
      Optional<RoaringBitmapArray> after = file.after().map(this::bitmap);
      if (file.is()) {
        parts.add(
            ofFile(
                file,
                "insert",
                version,
                row -> !holds(after, row) && (!file.was() || holds(before, row))));
      }
      if (file.was()) {
        parts.add(
            ofFile(
                file,
                "delete",
                version,
                row -> !holds(before, row) && (!file.is() || holds(after, row))));
      }
    }
  }

  private static boolean holds(Optional<RoaringBitmapArray> bitmap, long row) {
    return bitmap.isPresent() && bitmap.get().contains(row);
  }

  private RoaringBitmapArray bitmap(DeletionVectorDescriptor vector) {
    return DeletionVectorUtils.loadNewDvAndBitmap(engine, latest.root(), vector)._2;
  }

  private CloseableIterator<RowStream.Batch> ofChangeFile(String path, long bytes, long version) {
    StructType schema = latest.schema().add(TYPE, StringType.STRING);
    return read(path, bytes, schema)
        .map(batch -> RowStream.Batch.all(withConstant(batch, VERSION, version)));
  }

  /** Chooses rows of a file by their place in it. */
  private interface Chosen {
    boolean row(long index);
  }

  private CloseableIterator<RowStream.Batch> ofFile(
      ChangedFile file, String type, long version, Chosen chosen) {
    StructType schema = latest.schema().add(StructField.METADATA_ROW_INDEX_COLUMN);
    return read(file.path(), file.bytes(), schema)
        .map(
            batch -> {
              int index = batch.getSchema().indexOf(StructField.METADATA_ROW_INDEX_COLUMN_NAME);
              ColumnVector rowIndex = batch.getColumnVector(index);
              ColumnarBatch typed = withConstant(batch, TYPE, type);
              return new RowStream.Batch(
                  withConstant(typed, VERSION, version), at -> chosen.row(rowIndex.getLong(at)));
            });
  }

  private CloseableIterator<ColumnarBatch> read(String path, long bytes, StructType schema) {
    try {
      return engine
          .getParquetHandler()
          .readParquetFiles(
              Utils.singletonCloseableIterator(FileStatus.of(path, bytes, 0)),
              schema,
              Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ColumnarBatch withConstant(ColumnarBatch batch, String name, Object value) {
    StructField field =
        value instanceof String
            ? new StructField(name, StringType.STRING, false)
            : new StructField(name, LongType.LONG, false);
    Literal literal =
        value instanceof String text ? Literal.ofString(text) : Literal.ofLong((Long) value);
    ColumnVector column =
        engine
            .getExpressionHandler()
            .getEvaluator(batch.getSchema(), literal, field.getDataType())
            .eval(batch);
    return batch.withNewColumn(batch.getSchema().length(), field, column);
  }

  /** Batches of several sources, one source after the other. */
  private static final class Concatenated implements CloseableIterator<RowStream.Batch> {
    private final Iterator<CloseableIterator<RowStream.Batch>> parts;
    private CloseableIterator<RowStream.Batch> current;

    Concatenated(Iterator<CloseableIterator<RowStream.Batch>> parts) {
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      while (current == null || !current.hasNext()) {
        close();
        if (!parts.hasNext()) {
          return false;
        }
        current = parts.next();
      }
      return true;
    }

    @Override
    public RowStream.Batch next() {
      return current.next();
    }

    @Override
    public void close() {
      if (current != null) {
        try {
          current.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        current = null;
      }
    }
  }
}

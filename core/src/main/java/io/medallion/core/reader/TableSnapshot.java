package io.medallion.core.reader;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A table at one version. What {@link #files()} and {@link #size()} say is in the log alone. */
public final class TableSnapshot {
  private final LogEngine engine;
  private final SnapshotImpl snapshot;

  /** Null until they were asked for. */
  private List<DataFile> files;

  TableSnapshot(LogEngine engine, SnapshotImpl snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /**
   * A data file of the table.
   *
   * @param path absolute
   * @param rows that are in force: those that a deletion vector removes are not counted; absent
   *     where the writer did not note how many rows it wrote
   */
  public record DataFile(String path, long bytes, OptionalLong rows) {}

  /** How much the table holds. */
  public record Size(long rows, long files, long bytes) {}

  public long version() {
    return snapshot.getVersion(engine);
  }

  /** Delta's id of the table: one that was made anew in its place has another. */
  public String id() {
    return snapshot.getMetadata().getId();
  }

  /** Names of the columns, in the table's order. */
  public List<String> columns() {
    return List.copyOf(snapshot.getSchema(engine).fieldNames());
  }

  /** The table's own properties. */
  public Map<String, String> properties() {
    return Map.copyOf(snapshot.getMetadata().getConfiguration());
  }

  /** The last version that {@code application} committed under, by Delta's idempotent writes. */
  public OptionalLong lastTransaction(String application) {
    Optional<Long> version = snapshot.getLatestTransactionVersion(engine, application);
    return version.isPresent() ? OptionalLong.of(version.get()) : OptionalLong.empty();
  }

  /** The data files. */
  public synchronized List<DataFile> files() {
    if (files == null) {
      files = List.copyOf(readFiles());
    }
    return files;
  }

  private List<DataFile> readFiles() {
    List<DataFile> found = new ArrayList<>();
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder(engine).build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            found.add(KernelRows.dataFile(rows.next()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Rows, files and bytes. Rows of files of which the log does not tell them are counted. */
  public Size size() {
    List<DataFile> files = files();
    boolean told = files.stream().allMatch(file -> file.rows().isPresent());
    return new Size(
        told ? files.stream().mapToLong(file -> file.rows().getAsLong()).sum() : count(),
        files.size(),
        files.stream().mapToLong(DataFile::bytes).sum());
  }

  private long count() {
    long rows = 0;
    try (RowStream all = rows(List.of(), Bounds.NONE)) {
      while (all.hasNext()) {
        all.next();
        rows++;
      }
    }
    return rows;
  }

  /** The rows within bounds, with all columns. */
  public RowStream rows(Bounds bounds) {
    return rows(columns(), bounds);
  }

  /**
   * The rows within bounds.
   *
   * @param columns those of the stream's rows, in this order; what the table does not have is left
   *     out
   * @return to be closed; files whose statistics exclude the bounds are not read
   */
  public RowStream rows(List<String> columns, Bounds bounds) {
    StructType schema = snapshot.getSchema(engine);
    Set<String> read = new LinkedHashSet<>(columns);
    read.addAll(bounds.columns());
    StructType wanted =
        new StructType(
            read.stream().filter(name -> schema.indexOf(name) >= 0).map(schema::get).toList());
    ScanBuilder builder = snapshot.getScanBuilder(engine).withReadSchema(engine, wanted);
    Optional<Predicate> predicate = bounds.predicate(schema);
    if (predicate.isPresent()) {
      builder = builder.withFilter(engine, predicate.get());
    }
    Scan scan = builder.build();
    Row state = scan.getScanState(engine);
    return new RowStream(
        new ScanBatches(engine, state, scan.getScanFiles(engine), predicate),
        new LinkedHashSet<>(columns).stream().filter(name -> schema.indexOf(name) >= 0).toList(),
        bounds);
  }

  /**
   * The rows whose columns have values that are written as text.
   *
   * @return absent where a text is no value of its column's type, so that no row can have it
   * @throws IllegalArgumentException where there is no such column, or none of this type is
   *     compared with text
   */
  public Optional<Bounds> written(Map<String, String> texts) {
    Bounds bounds = Bounds.NONE;
    for (Map.Entry<String, String> column : texts.entrySet()) {
      Optional<Object> value =
          WrittenValue.of(column.getValue(), schema().get(column.getKey()).getDataType());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      bounds = bounds.and(column.getKey(), value.get());
    }
    return Optional.of(bounds);
  }

  /** What {@code read} makes of each row within bounds; for results that fit into memory. */
  public <T> List<T> collect(List<String> columns, Bounds bounds, Function<LakeRow, T> read) {
    List<T> all = new ArrayList<>();
    try (RowStream rows = rows(columns, bounds)) {
      while (rows.hasNext()) {
        all.add(read.apply(rows.next()));
      }
    }
    return all;
  }

  /** Numbers of rows within bounds, by the text that a column has. */
  public Map<String, Long> countBy(String column, Bounds bounds) {
    Map<String, Long> counts = new TreeMap<>();
    try (RowStream rows = rows(List.of(column), bounds)) {
      while (rows.hasNext()) {
        counts.merge(rows.next().text(column), 1L, Long::sum);
      }
    }
    return counts;
  }

  /** Whether the table's log still ends with this version: its commits are numbered. */
  boolean isNewest() {
    return exists(version()) && !exists(version() + 1);
  }

  private boolean exists(long commit) {
    return engine.isThere("%s/%020d.json".formatted(snapshot.getLogPath().toString(), commit));
  }

  StructType schema() {
    return snapshot.getSchema(engine);
  }

  String root() {
    return snapshot.getDataPath().toString();
  }

  /** Reads the data files of a scan, one after the other. */
  private static final class ScanBatches implements CloseableIterator<RowStream.Batch> {
    private final Engine engine;
    private final Row state;
    private final StructType physical;
    private final CloseableIterator<FilteredColumnarBatch> fileBatches;
    private final Optional<Predicate> predicate;
    private CloseableIterator<Row> files;
    private CloseableIterator<FilteredColumnarBatch> current;

    ScanBatches(
        Engine engine,
        Row state,
        CloseableIterator<FilteredColumnarBatch> fileBatches,
        Optional<Predicate> predicate) {
      this.engine = engine;
      this.state = state;
      this.physical =
          io.delta.kernel.internal.data.ScanStateRow.getPhysicalDataReadSchema(engine, state);
      this.fileBatches = fileBatches;
      this.predicate = predicate;
    }

    @Override
    public boolean hasNext() {
      try {
        while (current == null || !current.hasNext()) {
          if (current != null) {
            current.close();
            current = null;
          }
          while (files == null || !files.hasNext()) {
            if (!fileBatches.hasNext()) {
              return false;
            }
            files = fileBatches.next().getRows();
          }
          Row file = DeletionVectors.readable(files.next());
          current =
              Scan.transformPhysicalData(
                  engine,
                  state,
                  file,
                  engine
                      .getParquetHandler()
                      .readParquetFiles(
                          io.delta.kernel.internal.util.Utils.singletonCloseableIterator(
                              InternalScanFileUtils.getAddFileStatus(file)),
                          physical,
                          predicate));
        }
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public RowStream.Batch next() {
      return RowStream.Batch.of(current.next());
    }

    @Override
    public void close() throws IOException {
      if (current != null) {
        current.close();
      }
      if (files != null) {
        files.close();
      }
      fileBatches.close();
    }
  }
}

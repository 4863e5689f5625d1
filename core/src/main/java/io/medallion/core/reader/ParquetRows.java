package io.medallion.core.reader;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Rows of Parquet files that are of no table. */
public final class ParquetRows {
  private final Engine engine;

  ParquetRows(Engine engine) {
    this.engine = engine;
  }

  /** The types of columns that may be read. */
  public enum ColumnType {
    TEXT(StringType.STRING),
    BYTES(BinaryType.BINARY),
    INTEGER(IntegerType.INTEGER),
    LONG(LongType.LONG);

    private final DataType type;

    ColumnType(DataType type) {
      this.type = type;
    }
  }

  /**
   * A file's rows within bounds.
   *
   * @param bytes the file's size
   * @param columns by name; a column that the file does not have is absent in every row
   */
  public RowStream rows(String path, long bytes, Map<String, ColumnType> columns, Bounds bounds) {
    StructType schema = new StructType();
    for (Map.Entry<String, ColumnType> column : columns.entrySet()) {
      schema = schema.add(column.getKey(), column.getValue().type);
    }
    try {
      return new RowStream(
          engine
              .getParquetHandler()
              .readParquetFiles(
                  Utils.singletonCloseableIterator(FileStatus.of(path, bytes, 0)),
                  schema,
                  bounds.predicate(schema))
              .map(RowStream.Batch::all),
          List.copyOf(columns.keySet()),
          bounds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

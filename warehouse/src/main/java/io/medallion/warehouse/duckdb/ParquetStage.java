package io.medallion.warehouse.duckdb;

import static io.medallion.warehouse.duckdb.DuckDbSql.DIALECT;
import static org.apache.spark.sql.functions.col;

import io.medallion.core.LakeException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Where Spark leaves rows as Parquet for DuckDB.
 *
 * <p>Executors on other machines cannot write beside the warehouse file: then they write into the
 * lake, and the rows are fetched from there.
 */
final class ParquetStage implements AutoCloseable {
  private final Configuration hadoop;
  private final Path shared;
  private final java.nio.file.Path local;
  private int tables;

  /**
   * Opens the stage, and removes what a killed load left in it.
   *
   * @param shared where Spark writes: the same as {@code local} where that is this machine
   */
  ParquetStage(Configuration hadoop, Path shared, java.nio.file.Path local) {
    this.hadoop = hadoop;
    this.shared = shared;
    this.local = local;
    clear();
  }

  /** Writes rows and returns what DuckDB reads them from. */
  String put(Dataset<Row> rows) {
    String name = "t" + tables++;
    Path written = new Path(shared, name);
    rows.select(columns(rows)).write().parquet(written.toString());
    java.nio.file.Path fetched = local.resolve(name);
    try {
      if (!isLocal()) {
        written
            .getFileSystem(hadoop)
            .copyToLocalFile(false, written, new Path(fetched.toUri()), true);
      }
    } catch (IOException e) {
      throw new LakeException(
          "rows for the warehouse cannot be fetched from " + written + ": " + e,
          "make " + local.getParent() + " writable, with room for them",
          e);
    }
    return "read_parquet(" + DIALECT.text(literal(fetched.toString()) + "/*.parquet") + ")";
  }

  /** The path as a pattern that only it matches. */
  private static String literal(String path) {
    return path.replaceAll("([\\[*?])", "[$1]");
  }

  /** Without a zone, since DuckDB would show instants in that of the reader. */
  private static Column[] columns(Dataset<Row> rows) {
    return Arrays.stream(rows.schema().fields())
        .map(
            field ->
                field.dataType().equals(DataTypes.TimestampType)
                    ? col(field.name()).cast(DataTypes.TimestampNTZType).as(field.name())
                    : col(field.name()))
        .toArray(Column[]::new);
  }

  private boolean isLocal() {
    return shared.toUri().getPath().equals(local.toString())
        && (shared.toUri().getScheme() == null || shared.toUri().getScheme().equals("file"));
  }

  private void clear() {
    try {
      for (Path path : new Path[] {shared, new Path(local.toUri())}) {
        path.getFileSystem(hadoop).delete(path, true);
      }
    } catch (IOException e) {
      throw new LakeException(
          "the rows handed over at " + shared + " cannot be removed: " + e, "remove them", e);
    }
  }

  @Override
  public void close() {
    clear();
  }
}

package io.medallion.warehouse.duckdb;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.warehouse.GoldVersion;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.QueryAnswer;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.WarehouseState;
import io.medallion.warehouse.jdbc.LoadControl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A warehouse in one DuckDB file.
 *
 * <p>Keys are counted at each load and not declared: DuckDB checks a declared key row by row
 * against an index that it would keep in memory, also while a load has a key twice for a moment.
 */
public final class DuckDbWarehouse implements Warehouse {
  private final SparkSession spark;
  private final Lake lake;
  private final WarehouseFile file;
  private final DuckDbReader reader;

  /**
   * The warehouse in {@code file}, which need not exist.
   *
   * @param lake where Spark may leave rows while they are handed over, if its executors run on
   *     other machines
   */
  public DuckDbWarehouse(SparkSession spark, Lake lake, Path file) {
    this.spark = spark;
    this.lake = lake;
    this.file = new WarehouseFile(file);
    this.reader = new DuckDbReader(file);
  }

  /**
   * Opens the warehouse in {@code path} for reading, and closes it.
   *
   * @return false where there is no such file yet
   * @throws LakeException where it is no DuckDB file, or another program is writing it
   */
  public static boolean opens(Path path) {
    WarehouseFile file = new WarehouseFile(path);
    if (!file.exists()) {
      return false;
    }
    try {
      file.read().close();
      return true;
    } catch (SQLException e) {
      throw new LakeException(
          "DuckDB failed at " + path + ": " + e.getMessage(), "see the message", e);
    }
  }

  /** Its file. */
  public Path file() {
    return file.path();
  }

  @Override
  public String kind() {
    return reader.kind();
  }

  @Override
  public String place() {
    return reader.place();
  }

  @Override
  public WarehouseState state(String star) {
    if (!file.exists()) {
      return WarehouseState.EMPTY;
    }
    try (Connection connection = file.read()) {
      return new LoadControl(new DuckDbSql(connection)).state(star);
    } catch (SQLException e) {
      throw notClosed(e);
    }
  }

  @Override
  public Map<String, GoldVersion> versions(String star) {
    return reader.versions(star);
  }

  @Override
  public long rows(String table) {
    return reader.rows(table);
  }

  @Override
  public Map<String, Long> countBy(String table, String column) {
    return reader.countBy(table, column);
  }

  @Override
  public QueryAnswer query(String sql, int most) {
    return reader.query(sql, most);
  }

  @Override
  public List<LedgerRow> apply(StarLoad load) {
    try (WarehouseFile.Draft draft = file.draft();
        ParquetStage stage =
            new ParquetStage(
                spark.sparkContext().hadoopConfiguration(), shared(draft), draft.stage())) {
      List<LedgerRow> written = write(load, draft, stage);
      draft.publish();
      return written;
    }
  }

  private org.apache.hadoop.fs.Path shared(WarehouseFile.Draft draft) {
    return spark.sparkContext().isLocal()
        ? new org.apache.hadoop.fs.Path(draft.stage().toUri())
        : new org.apache.hadoop.fs.Path(lake.root(), "_staging/warehouse-duckdb");
  }

  private List<LedgerRow> write(StarLoad load, WarehouseFile.Draft draft, ParquetStage stage) {
    List<LedgerRow> written = new ArrayList<>();
    try (Connection connection = draft.open()) {
      DuckDbSql sql = new DuckDbSql(connection);
      // The heap of the same process is Spark's; what does not fit goes to disk.
      sql.define("SET memory_limit = '25%'");
      sql.define("SET preserve_insertion_order = false");
      connection.setAutoCommit(false);
      LoadControl loadControl = new LoadControl(sql);
      DuckDbTables tables = new DuckDbTables(connection, sql, stage);
      loadControl.open();
      for (TableLoad table : load.tables()) {
        if (table instanceof TableLoad.Replacement replacement) {
          loadControl.register(load.star(), replacement);
        }
        loadControl.advance(load.star(), table);
        LedgerRow row = tables.apply(load, table);
        loadControl.record(row, written.size());
        written.add(row);
      }
      loadControl.views(load);
      connection.commit();
      connection.setAutoCommit(true);
      sql.define("CHECKPOINT");
    } catch (SQLException e) {
      throw notClosed(e);
    }
    return written;
  }

  private LakeException notClosed(SQLException e) {
    return new LakeException(
        "DuckDB failed at " + file.path() + ": " + e.getMessage(),
        "see the message; nothing of the load was kept",
        e);
  }

  /** Nothing is open between two calls. */
  @Override
  public void close() {}
}

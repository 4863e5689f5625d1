package io.medallion.warehouse.duckdb;

import static io.medallion.warehouse.duckdb.DuckDbSql.DIALECT;

import io.medallion.core.LakeException;
import io.medallion.warehouse.GoldVersion;
import io.medallion.warehouse.LoadedWarehouse;
import io.medallion.warehouse.QueryAnswer;
import io.medallion.warehouse.jdbc.LoadControl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Looks at a warehouse in one DuckDB file. */
public final class DuckDbReader implements LoadedWarehouse {
  private final WarehouseFile file;

  /** Looks at {@code file}, which need not exist. */
  public DuckDbReader(Path file) {
    this.file = new WarehouseFile(file);
  }

  @Override
  public String kind() {
    return "duckdb";
  }

  @Override
  public String place() {
    return file.path().toString();
  }

  @Override
  public Map<String, GoldVersion> versions(String star) {
    return file.exists() ? read(sql -> new LoadControl(sql).versions(star)) : Map.of();
  }

  @Override
  public long rows(String table) {
    return read(sql -> sql.number("SELECT count(*) FROM " + DIALECT.name(table)));
  }

  @Override
  public Map<String, Long> countBy(String table, String column) {
    return read(
        sql -> {
          Map<String, Long> counts = new HashMap<>();
          sql.rows(
              row -> counts.put(row.getString(1), row.getLong(2)),
              "SELECT %s, count(*) FROM %s GROUP BY 1"
                  .formatted(DIALECT.name(column), DIALECT.name(table)));
          return counts;
        });
  }

  @Override
  public QueryAnswer query(String sql, int most) {
    return read(
        statements -> {
          // The file is open for reading alone; and a query sees no other file.
          statements.define("SET enable_external_access = false");
          statements.define("SET lock_configuration = true");
          return statements.answer(sql, most);
        });
  }

  private <T> T read(Function<DuckDbSql, T> read) {
    try (Connection connection = file.read()) {
      return read.apply(new DuckDbSql(connection));
    } catch (SQLException e) {
      throw new LakeException(
          "DuckDB failed at " + file.path() + ": " + e.getMessage(), "see the message", e);
    }
  }

  /** Nothing is open between two calls. */
  @Override
  public void close() {}
}

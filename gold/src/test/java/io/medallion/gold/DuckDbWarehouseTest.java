package io.medallion.gold;

import io.medallion.gold.warehouse.Warehouse;
import io.medallion.gold.warehouse.duckdb.DuckDbWarehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

class DuckDbWarehouseTest extends WarehouseContract {

  private Path file() {
    return dir.resolve("warehouse.duckdb");
  }

  @Override
  Warehouse open() {
    return new DuckDbWarehouse(shop.spark, shop.lake, file());
  }

  @Override
  List<List<Object>> query(String sql) {
    return query(file(), sql);
  }

  static List<List<Object>> query(Path file, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}

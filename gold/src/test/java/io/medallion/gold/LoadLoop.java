package io.medallion.gold;

import io.medallion.gold.warehouse.WarehouseLoad;
import io.medallion.gold.warehouse.duckdb.DuckDbWarehouse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Changes the source, builds the star and loads it, over and over, until the process is killed. */
final class LoadLoop {
  private LoadLoop() {}

  static WarehouseLoad load(Shop shop, Path file) {
    return new WarehouseLoad(
        shop.spark,
        shop.lake,
        Shop.star(),
        List.of(),
        new DuckDbWarehouse(shop.spark, shop.lake, file),
        Shop.CLOCK,
        "loop");
  }

  public static void main(String[] args) {
    Shop shop = new Shop(Session.small(), args[0]);
    Path file = Path.of(args[1]);
    shop.build(Shop.star());
    load(shop, file).changes();
    System.out.println("ready");
    for (int i = 0; ; i++) {
      // Splits a version of a customer, so that facts move from a version that goes.
      LocalDate day = LocalDate.of(2024, 1, 1).minusDays(i % 50);
      shop.put(
          Line.of("o" + i % 7, 1, day).customer("c1", "Ann " + i, "S" + i % 3),
          Line.of("o" + i % 5, 2, day.plusDays(i % 90)).place("DE", "Bonn", "R" + i % 4, "open"));
      shop.build(Shop.star());
      load(shop, file).changes();
      for (int again = 0; again < 4; again++) {
        load(shop, file).full();
      }
      System.out.println("loaded");
    }
  }
}

package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.gold.star.Star;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A shop with a star in gold, a warehouse to load it into, and what the two hold. */
abstract class WarehouseFixture {
  static final LocalDate DAY = LocalDate.of(2024, 3, 1);
  private static final SemanticView BY_CUSTOMER =
      new SemanticView(
          "v_by_customer",
          "Amounts by customer's name",
          "SELECT c.name, SUM(f.amount) AS amount FROM fact f"
              + " JOIN dim_customer c ON c.customer_key = f.customer_key GROUP BY c.name");

  @TempDir static Path template;
  @TempDir Path dir;
  Shop shop;
  final List<SemanticView> views = new ArrayList<>(List.of(BY_CUSTOMER));

  /** The warehouse of this test: the same place at each call. */
  abstract Warehouse open();

  /** Rows of a query in the warehouse; values as its JDBC driver gives them, NULL as null. */
  abstract List<List<Object>> query(String sql);

  /** Changes the warehouse behind the loads' back. */
  abstract void execute(String sql);

  @BeforeAll
  static void buildOnce() {
    Shop built = new Shop(Session.small(), template.toString());
    built.open();
    built.put(
        Line.of("o1", 1, DAY),
        Line.of("o2", 1, DAY.plusDays(2)).customer("c2", "Böb \"q\" | 'x'\t\\ 😀", ""),
        Line.of("o3", 1, DAY.plusDays(9)).shipped(DAY.plusDays(10)).amount("-0.00001"),
        Line.of("o3", 2, DAY.plusDays(9)).customer("c3", "two\nlines,\r\nthree", null),
        Line.of("o4", 1, DAY.plusDays(12))
            .place("FR", "Metz", "East", "open")
            .amount("9999999999999.99999"),
        Line.of("o5", 1, LocalDate.of(1900, 1, 1)).amount(null).customer("c4", "", "NULL"));
    built.build(Shop.star());
  }

  @BeforeEach
  void copyShop() throws IOException {
    FileUtils.copyDirectory(template.toFile(), dir.resolve("lake").toFile());
    shop = new Shop(Session.small(), dir.resolve("lake").toString());
  }

  WarehouseLoad load(Warehouse warehouse, Star star, String runId) {
    return new WarehouseLoad(
        shop.spark,
        shop.lake,
        shop.ledger(),
        star,
        views,
        warehouse,
        Shop.CLOCK,
        runId,
        KnownChanges.NONE);
  }

  LoadSummary changes() {
    return changes(Shop.star());
  }

  LoadSummary changes(Star star) {
    try (Warehouse warehouse = open()) {
      return load(warehouse, star, "run").changes();
    }
  }

  LoadSummary full(Star star) {
    try (Warehouse warehouse = open()) {
      return load(warehouse, star, "run").full();
    }
  }

  /** Loads through a warehouse whose every load is tampered with before it is applied. */
  LoadSummary changes(UnaryOperator<StarLoad> tampering) {
    try (Warehouse warehouse = new TamperedWarehouse(open(), tampering)) {
      return load(warehouse, Shop.star(), "tampered").changes();
    }
  }

  /** Every table equals gold's, row for row; a column that was added later may stand elsewhere. */
  void isGold() {
    for (String table : Shop.star().tables()) {
      String columns = String.join(", ", shop.gold(table).read().columns());
      assertThat(Plain.rows(query("SELECT " + columns + " FROM " + table)))
          .as(table)
          .isEqualTo(Plain.rows(shop.gold(table).read()));
    }
    assertThat(
            query(
                "SELECT f.order_id FROM fact f WHERE NOT EXISTS (SELECT 1 FROM dim_customer d"
                    + " WHERE d.customer_key = f.customer_key) OR NOT EXISTS (SELECT 1 FROM"
                    + " dim_place p WHERE p.place_key = f.place_key)"))
        .isEmpty();
  }

  List<List<Object>> loads() {
    return query(
        "SELECT load_number, table_name, from_version, to_version, rows_inserted, rows_updated,"
            + " rows_deleted, rows_after FROM medallion_loads ORDER BY load_number, table_name");
  }
}

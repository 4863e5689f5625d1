package io.medallion.warehouse.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.contract.Contracts;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Stars;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class TargetTablesTest {
  private static final Path CONF = Path.of(System.getProperty("medallion.root"), "conf");
  private static final Star SALES =
      Stars.read(CONF.resolve("stars"), Contracts.read(CONF.resolve("contracts"))).byName("sales");
  private static final Map<String, StructType> SCHEMAS =
      Map.of(
          "dim_customer",
              StructType.fromDDL("customer_key BIGINT NOT NULL COMMENT 'Key', name STRING"),
          "dim_product", StructType.fromDDL("product_key BIGINT NOT NULL"),
          "dim_store", StructType.fromDDL("store_key BIGINT NOT NULL"),
          "dim_date", StructType.fromDDL("date_key INT NOT NULL"),
          "fact_sales",
              StructType.fromDDL(
                  "order_id STRING NOT NULL, row_id BIGINT NOT NULL, order_date_key INT NOT NULL,"
                      + " ship_date_key INT NOT NULL, customer_key BIGINT NOT NULL, product_key"
                      + " BIGINT NOT NULL, store_key BIGINT NOT NULL, _file_id STRING"));

  @Test
  void keysComeFromTheStarAndColumnsFromGold() {
    List<TargetTable> tables = TargetTables.of(SALES, SCHEMAS::get);

    assertThat(tables)
        .extracting(TargetTable::name)
        .containsExactly("dim_customer", "dim_product", "dim_store", "dim_date", "fact_sales");
    assertThat(tables.get(0).primaryKey()).containsExactly("customer_key");
    assertThat(tables.get(0).columns())
        .containsExactly(
            new TargetColumn("customer_key", DataTypes.LongType, false, "Key"),
            new TargetColumn("name", DataTypes.StringType, true, ""));
    TargetTable fact = tables.get(4);
    assertThat(fact.primaryKey()).containsExactly("order_id", "row_id");
    assertThat(fact.clusteringKeys()).containsExactly("order_date_key", "customer_key");
    assertThat(fact.foreignKeys())
        .containsExactly(
            new ForeignKey("order_date_key", "dim_date", "date_key"),
            new ForeignKey("ship_date_key", "dim_date", "date_key"),
            new ForeignKey("customer_key", "dim_customer", "customer_key"),
            new ForeignKey("product_key", "dim_product", "product_key"),
            new ForeignKey("store_key", "dim_store", "store_key"));
  }

  @Test
  void aKeyMustBeAColumn() {
    assertThatThrownBy(
            () ->
                new TargetTable(
                    "t",
                    "",
                    List.of(new TargetColumn("a", DataTypes.LongType, false, "")),
                    List.of("b"),
                    List.of(),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a key of t names no column of it");
  }
}

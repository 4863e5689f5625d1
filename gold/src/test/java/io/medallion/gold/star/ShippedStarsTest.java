package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contracts;
import io.medallion.core.contract.Severity;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.star.Star.DateReference;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.star.Star.ScdType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedStarsTest {
  private static final Path CONF = Path.of(System.getProperty("medallion.root"), "conf");
  private static final Star SALES =
      Stars.read(CONF.resolve("stars"), Contracts.read(CONF.resolve("contracts"))).byName("sales");

  @Test
  void salesHasThreeVersionedDimensionsAndACalendar() {
    assertThat(SALES.source()).isEqualTo("sales_orders");
    assertThat(SALES.tables())
        .containsExactly("dim_customer", "dim_product", "dim_store", "dim_date", "fact_sales");
    assertThat(SALES.dimensions())
        .allSatisfy(
            dimension -> {
              assertThat(dimension.scdType()).isEqualTo(ScdType.TYPE_2);
              assertThat(dimension.effectiveFrom()).isEqualTo("order_date");
              assertThat(dimension.tieBreak()).containsExactly("row_id");
              assertThat(dimension.untracked()).isEmpty();
              assertThat(dimension.deleteWhen()).isEmpty();
            });
    assertThat(names(dimension("dim_customer").businessKey())).containsExactly("customer_id");
    assertThat(names(dimension("dim_customer").tracked()))
        .containsExactly("customer_name", "segment");
    assertThat(names(dimension("dim_product").tracked()))
        .containsExactly("product_name", "category", "sub_category");
    assertThat(names(dimension("dim_store").businessKey()))
        .containsExactly("country", "state", "city", "postal_code");
    assertThat(names(dimension("dim_store").tracked())).containsExactly("market", "region");
    assertThat(SALES.dateDimension().orElseThrow().columns())
        .containsExactly("order_date", "ship_date");
    assertThat(SALES.dateDimension().orElseThrow().holidays()).isNotEmpty();
  }

  @Test
  void salesFactRefersToEveryDimensionAsOfTheOrderDate() {
    Fact fact = SALES.facts().get(0);

    assertThat(fact.grain()).containsExactly("order_id", "row_id");
    assertThat(fact.dates())
        .containsExactly(
            new DateReference("order_date_key", "order_date"),
            new DateReference("ship_date_key", "ship_date"));
    assertThat(fact.references())
        .containsExactly(
            new Reference("customer_key", "dim_customer", "order_date"),
            new Reference("product_key", "dim_product", "order_date"),
            new Reference("store_key", "dim_store", "order_date"));
    assertThat(names(fact.columns()))
        .containsExactly(
            "ship_mode",
            "order_priority",
            "order_date",
            "ship_date",
            "sales",
            "quantity",
            "discount",
            "profit",
            "shipping_cost",
            "unit_price",
            "list_amount",
            "discount_amount",
            "cost",
            "profit_margin",
            "days_to_ship");
    assertThat(fact.columns()).noneMatch(column -> column.description().isBlank());
  }

  @Test
  void salesIsCheckedInItsStructureAndInItsBusinessRules() {
    assertThat(SALES.checks().stream().map(Check::name))
        .containsExactly(
            "dim_customer_customer_key_unique",
            "dim_customer_customer_key_not_null",
            "dim_customer_customer_id_not_null",
            "dim_customer_version_unique",
            "dim_customer_current_unique",
            "dim_customer_intervals",
            "dim_customer_valid_from_not_null",
            "dim_customer_valid_to_not_null",
            "dim_product_product_key_unique",
            "dim_product_product_key_not_null",
            "dim_product_product_id_not_null",
            "dim_product_version_unique",
            "dim_product_current_unique",
            "dim_product_intervals",
            "dim_product_valid_from_not_null",
            "dim_product_valid_to_not_null",
            "dim_store_store_key_unique",
            "dim_store_store_key_not_null",
            "dim_store_member_not_null",
            "dim_store_version_unique",
            "dim_store_current_unique",
            "dim_store_intervals",
            "dim_store_valid_from_not_null",
            "dim_store_valid_to_not_null",
            "dim_date_date_key_unique",
            "dim_date_date_key_not_null",
            "dim_date_date_unique",
            "dim_date_date_not_null",
            "dim_date_date_key_is_the_date",
            "fact_sales_grain_unique",
            "fact_sales_order_id_not_null",
            "fact_sales_row_id_not_null",
            "fact_sales_order_date_key_not_null",
            "fact_sales_order_date_key_exists",
            "fact_sales_order_date_key_is_the_date",
            "fact_sales_order_date_key_count_agrees",
            "fact_sales_ship_date_key_not_null",
            "fact_sales_ship_date_key_exists",
            "fact_sales_ship_date_key_is_the_date",
            "fact_sales_ship_date_key_count_agrees",
            "fact_sales_customer_key_not_null",
            "fact_sales_customer_key_exists",
            "fact_sales_product_key_not_null",
            "fact_sales_product_key_exists",
            "fact_sales_store_key_not_null",
            "fact_sales_store_key_exists",
            "fact_sales_file_id_not_null",
            "fact_sales_record_number_not_null",
            "fact_sales_one_row_per_source_row",
            "fact_sales_order_date_min_agrees",
            "fact_sales_order_date_max_agrees",
            "fact_sales_ship_date_min_agrees",
            "fact_sales_ship_date_max_agrees",
            "fact_sales_sales_sum_agrees",
            "fact_sales_quantity_sum_agrees",
            "fact_sales_discount_sum_agrees",
            "fact_sales_profit_sum_agrees",
            "fact_sales_shipping_cost_sum_agrees",
            "customer_segment_accepted",
            "date_without_gap",
            "date_weekend_is_saturday_or_sunday",
            "date_quarter_of_month",
            "fact_sales_order_date_not_null",
            "fact_sales_sales_not_null",
            "fact_sales_quantity_not_null",
            "fact_sales_ship_mode_accepted",
            "fact_sales_order_priority_accepted",
            "fact_sales_sales_not_negative",
            "fact_sales_quantity_positive",
            "fact_sales_discount_is_a_share",
            "fact_sales_shipping_cost_not_negative",
            "fact_sales_shipped_after_order",
            "fact_sales_days_to_ship_not_negative",
            "fact_sales_customer_known",
            "fact_sales_product_known",
            "fact_sales_unit_price_adds_up",
            "fact_sales_discount_amount_adds_up",
            "fact_sales_cost_adds_up",
            "fact_sales_profit_margin_where_sold",
            "store_location_known",
            "fact_sales_shipped_within_a_month",
            "product_has_one_name",
            "product_has_one_category",
            "customer_has_one_name",
            "customer_has_one_segment",
            "country_has_one_market");
    assertThat(SALES.checks().get(18))
        .isEqualTo(
            new Check.Expression(
                "dim_store_member_not_null",
                "gold.dim_store",
                "`store_key` = 0 OR `country` IS NOT NULL OR `state` IS NOT NULL"
                    + " OR `city` IS NOT NULL OR `postal_code` IS NOT NULL",
                Severity.ERROR));
    assertThat(SALES.checks().get(38))
        .isEqualTo(
            new Check.Expression(
                "fact_sales_ship_date_key_is_the_date",
                "gold.fact_sales",
                "`ship_date_key` = coalesce(year(`ship_date`) * 10000 + month(`ship_date`) * 100"
                    + " + day(`ship_date`), 0)",
                Severity.ERROR));
  }

  private static Dimension dimension(String table) {
    return SALES.dimensions().stream()
        .filter(dimension -> dimension.table().equals(table))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(List<Attribute> attributes) {
    return attributes.stream().map(Attribute::name).toList();
  }
}

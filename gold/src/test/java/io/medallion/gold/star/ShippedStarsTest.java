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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
    assertThat(SALES.dateDimension().orElseThrow().holidays()).hasSize(11);
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
  void salesUsesEveryKindOfCheckAndReportsConflictsOfTheSource() {
    Map<String, Long> kinds =
        SALES.checks().stream()
            .collect(
                Collectors.groupingBy(
                    check -> check.getClass().getSimpleName(),
                    TreeMap::new,
                    Collectors.counting()));

    assertThat(kinds)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "AcceptedValues", 3L,
                "Reconcile", 15L,
                "Expression", 26L,
                "Intervals", 3L,
                "NotNull", 25L,
                "Relationship", 5L,
                "RowCountRatio", 1L,
                "Unique", 12L));
    assertThat(
            SALES.checks().stream()
                .filter(check -> check.severity() == Severity.WARN)
                .map(Check::name))
        .containsExactly(
            "store_location_known",
            "fact_sales_shipped_within_a_month",
            "product_has_one_name",
            "product_has_one_category",
            "customer_has_one_name",
            "customer_has_one_segment",
            "country_has_one_market");
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

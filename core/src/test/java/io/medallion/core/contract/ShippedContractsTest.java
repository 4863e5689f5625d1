package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.LogicalType.Exact;
import io.medallion.core.contract.LogicalType.Text;
import io.medallion.core.contract.LogicalType.Timestamp;
import io.medallion.core.contract.LogicalType.Whole;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShippedContractsTest {
  private static final Contract SALES =
      Contracts.read(Path.of(System.getProperty("medallion.root"), "conf", "contracts"))
          .byFeed("sales_orders");

  @Test
  void salesHasTheCanonicalColumnsAndTheChangeTime() {
    assertThat(SALES.columns().stream().map(Column::name))
        .containsExactly(
            "row_id",
            "order_id",
            "order_date",
            "ship_date",
            "ship_mode",
            "customer_id",
            "customer_name",
            "segment",
            "city",
            "state",
            "country",
            "postal_code",
            "market",
            "region",
            "product_id",
            "category",
            "sub_category",
            "product_name",
            "sales",
            "quantity",
            "discount",
            "profit",
            "shipping_cost",
            "order_priority",
            "updated_at");
    assertThat(SALES.columns()).noneMatch(column -> column.description().isBlank());
    assertThat(SALES.columns().stream().filter(Column::required).map(Column::name))
        .containsExactly(
            "row_id", "order_id", "order_date", "customer_id", "product_id", "sales", "quantity");
    for (String amount : new String[] {"sales", "discount", "profit", "shipping_cost"}) {
      assertThat(SALES.column(amount).type()).isEqualTo(new Exact(18, 5));
    }
    assertThat(SALES.column("postal_code").type()).isEqualTo(new Text());
    assertThat(SALES.column("row_id").type()).isEqualTo(new Whole());
    assertThat(SALES.column("updated_at").type()).isEqualTo(new Timestamp());
  }

  @Test
  void salesIsKeyedByOrderLineAndSequencedByChangeTime() {
    assertThat(SALES.table()).isEqualTo("sales_orders");
    assertThat(SALES.businessKey()).containsExactly("order_id", "row_id");
    assertThat(SALES.sequence()).containsExactly("updated_at");
  }

  @Test
  void salesFeedReadsTheRealFilesWithoutAnOption() {
    assertThat(SALES.feed("sales_orders"))
        .isEqualTo(
            new Feed(
                "sales_orders",
                ',',
                List.of(StandardCharsets.UTF_8, Charset.forName("windows-1252")),
                List.of("dd-MM-yyyy", "M/d/yyyy", "yyyy-MM-dd"),
                DatePatterns.ISO_TIMESTAMPS));
    String header =
        "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer"
            + " Name,Segment,City,State,Country,Postal Code,Market,Region,Product"
            + " ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit,Shipping"
            + " Cost,Order Priority";
    assertThat(header.split(",")).hasSize(24);
    for (String name : header.split(",")) {
      assertThat(SALES.columns())
          .as(name)
          .anyMatch(column -> column.name().equals(HeaderName.normalise(name)));
      assertThat(SALES.columns()).as(name).anyMatch(column -> column.aliases().contains(name));
    }
  }

  @Test
  void salesEventsAreJsonAndDeleteByOperationAndTombstone() {
    assertThat(SALES.feeds().stream().map(Feed::name))
        .containsExactly("sales_orders", "sales_events");
    assertThat(SALES.feed("sales_events"))
        .isEqualTo(
            Feed.ofTopic(
                "sales_events",
                List.of("yyyy-MM-dd"),
                DatePatterns.ISO_TIMESTAMPS,
                new Topic(
                    "sales_orders",
                    new Topic.Json(),
                    1_048_576,
                    Optional.of(
                        new Topic.Operation(
                            "op", List.of("insert", "update", "upsert"), List.of("delete"))),
                    Optional.of(
                        new Topic.Tombstone(
                            Topic.KeyFormat.JSON,
                            Map.of("updated_at", new Topic.EventTimestamp()))))));
  }

  @Test
  void salesHasTheRulesOfTheArchitecture() {
    assertThat(SALES.rules().stream().map(rule -> rule.name() + " " + rule.severity()))
        .containsExactly(
            "row_id_required ERROR",
            "order_id_required ERROR",
            "order_date_required ERROR",
            "ship_mode_accepted_values ERROR",
            "customer_id_required ERROR",
            "customer_name_missing WARN",
            "segment_accepted_values ERROR",
            "product_id_required ERROR",
            "sales_required ERROR",
            "sales_range ERROR",
            "quantity_required ERROR",
            "quantity_range ERROR",
            "discount_range ERROR",
            "shipping_cost_range ERROR",
            "order_priority_accepted_values ERROR",
            "ship_date_not_before_order_date ERROR",
            "ship_date_within_a_year WARN");
  }
}

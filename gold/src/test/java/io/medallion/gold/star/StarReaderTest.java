package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.Digest;
import io.medallion.core.contract.Severity;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.star.Star.DateReference;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.star.Star.ScdType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StarReaderTest {

  @Test
  void readsEverythingThatTheFormatOffers() {
    Attribute state = new Attribute("state", "state", "How far it is.");
    Star star = ShopStar.read(ShopStar.yaml());
    // The listed checks come last; StructuralChecksTest says what comes before them.
    int structural = star.checks().size() - 8;
    assertThat(structural).isPositive();
    assertThat(star.withChecks(star.checks().subList(structural, star.checks().size())))
        .isEqualTo(
            new Star(
                "shop",
                "orders",
                List.of(
                    new Dimension(
                        "dim_state",
                        "state_key",
                        "States.",
                        ScdType.TYPE_2,
                        List.of(state),
                        "day",
                        List.of("lines"),
                        List.of(
                            new Attribute("paid", "paid", ""),
                            new Attribute("big", "amount > 50", "Whether it is a large one.")),
                        List.of(new Attribute("changed", "changed", "")),
                        Optional.of("lines = 0")),
                    new Dimension(
                        "dim_order",
                        "order_key",
                        "",
                        ScdType.TYPE_1,
                        List.of(new Attribute("id", "id", "")),
                        "to_date(changed)",
                        List.of(),
                        List.of(state),
                        List.of(),
                        Optional.empty())),
                Optional.of(
                    new DateDimension(
                        "dim_date",
                        List.of("day"),
                        4,
                        List.of("12-25", "4 THURSDAY 11", "LAST MONDAY 5"))),
                List.of(
                    new Fact(
                        "fact_orders",
                        "Orders.",
                        List.of("id"),
                        List.of(new DateReference("day_key", "day")),
                        List.of(new Reference("state_key", "dim_state", "day")),
                        List.of(
                            new Attribute("amount", "amount", ""),
                            new Attribute(
                                "per_line", "CAST(amount / lines AS DECIMAL(12,2))", "")))),
                List.of(
                    new Check.Unique(
                        "order_unique",
                        "gold.fact_orders",
                        List.of("id"),
                        Optional.of("amount > 0"),
                        Severity.ERROR),
                    new Check.NotNull(
                        "order_kept",
                        "gold.fact_orders",
                        "_file_id",
                        Optional.empty(),
                        Severity.ERROR),
                    new Check.Relationship(
                        "state_exists",
                        "gold.fact_orders",
                        "state_key",
                        "gold.dim_state",
                        "state_key",
                        Severity.ERROR),
                    new Check.AcceptedValues(
                        "state_accepted",
                        "silver.orders",
                        "state",
                        List.of("new", "sent"),
                        Severity.ERROR),
                    new Check.Expression(
                        "amount_positive", "gold.fact_orders", "amount > 0", Severity.WARN),
                    new Check.Intervals("state_intervals", "gold.dim_state", Severity.ERROR),
                    new Check.Reconcile(
                        "amounts_agree",
                        "silver.orders",
                        "sum(amount)",
                        "gold.fact_orders",
                        "sum(per_line)",
                        Severity.ERROR),
                    new Check.RowCountRatio(
                        "order_rows",
                        "gold.fact_orders",
                        "silver.orders",
                        new BigDecimal("0.5"),
                        new BigDecimal("1"),
                        Severity.ERROR)),
                Digest.sha256(ShopStar.yaml().getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void reportsAllMistakesInOrderOfLine() {
    String yaml =
        ShopStar.yaml()
            .replace("scdType: 1", "scdType: 4")
            .replace("dimension: dim_state", "dimension: dim_stat")
            .replace("grain: [id]", "grain: [state]")
            .replace("kind: intervals", "kind: interval")
            .replace("left: sum(amount)", "left: amount");

    ShopStar.assertMistakes(
        yaml,
        List.of(
            "shop.yaml:19:14: a dimension of type 4 is not known\n"
                + "    fix: write 1 (overwrite) or 2 (keep the past)",
            "shop.yaml:31:13: the grain is not the key of `orders`\n    fix: write [id]",
            "shop.yaml:35:40: the star has no dimension `dim_stat`\n"
                + "    fix: write `dim_state`, or add it to `dimensions`",
            "shop.yaml:43:15: the table `gold.fact_orders` has no column `id`\n"
                + "    fix: use one of _file_id, _record_number, amount, day_key, per_line, state,"
                + " state_key",
            "shop.yaml:49:35: a check of kind `interval` is not known\n    fix: write `intervals`",
            "shop.yaml:50:72: `amount` does not aggregate rows\n"
                + "    fix: write an aggregate such as count(*) or sum(x)"));
  }
}

package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Severity;
import io.medallion.gold.star.Star.Check;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StructuralChecksTest {
  private static final Contract ORDERS = ShopStar.contracts().byTable("orders");
  private static final Star SHOP = ShopStar.read(ShopStar.yaml()).withChecks(List.of());
  private static final Optional<String> EVERYWHERE = Optional.empty();

  @Test
  void followFromDimensionsOfBothTypesCalendarAndFact() {
    assertThat(StructuralChecks.of(SHOP, ORDERS))
        .containsExactly(
            unique("dim_state_state_key_unique", "dim_state", EVERYWHERE, "state_key"),
            notNull("dim_state_state_key_not_null", "dim_state", "state_key", EVERYWHERE),
            notNull("dim_state_state_not_null", "dim_state", "state", where("`state_key` <> 0")),
            unique("dim_state_version_unique", "dim_state", EVERYWHERE, "state", "valid_from"),
            unique("dim_state_current_unique", "dim_state", where("is_current"), "state"),
            new Check.Intervals("dim_state_intervals", "gold.dim_state", Severity.ERROR),
            notNull(
                "dim_state_valid_from_not_null",
                "dim_state",
                "valid_from",
                where("`state_key` <> 0")),
            notNull(
                "dim_state_valid_to_not_null", "dim_state", "valid_to", where("`state_key` <> 0")),
            unique("dim_order_order_key_unique", "dim_order", EVERYWHERE, "order_key"),
            notNull("dim_order_order_key_not_null", "dim_order", "order_key", EVERYWHERE),
            notNull("dim_order_id_not_null", "dim_order", "id", where("`order_key` <> 0")),
            unique("dim_order_member_unique", "dim_order", EVERYWHERE, "id"),
            unique("dim_date_date_key_unique", "dim_date", EVERYWHERE, "date_key"),
            notNull("dim_date_date_key_not_null", "dim_date", "date_key", EVERYWHERE),
            unique("dim_date_date_unique", "dim_date", where("date_key <> 0"), "date"),
            notNull("dim_date_date_not_null", "dim_date", "date", where("date_key <> 0")),
            new Check.Expression(
                "dim_date_date_key_is_the_date",
                "gold.dim_date",
                "date_key = 0 OR date_key = year(date) * 10000 + month(date) * 100 + day(date)",
                Severity.ERROR),
            unique("fact_orders_grain_unique", "fact_orders", EVERYWHERE, "id"),
            notNull("fact_orders_id_not_null", "fact_orders", "id", EVERYWHERE),
            notNull("fact_orders_day_key_not_null", "fact_orders", "day_key", EVERYWHERE),
            exists("fact_orders_day_key_exists", "day_key", "dim_date", "date_key"),
            agree(
                "fact_orders_day_key_count_agrees",
                "count(`day`)",
                "count(CASE WHEN `day_key` <> 0 THEN 1 END)"),
            notNull("fact_orders_state_key_not_null", "fact_orders", "state_key", EVERYWHERE),
            exists("fact_orders_state_key_exists", "state_key", "dim_state", "state_key"),
            notNull("fact_orders_file_id_not_null", "fact_orders", "_file_id", EVERYWHERE),
            notNull(
                "fact_orders_record_number_not_null", "fact_orders", "_record_number", EVERYWHERE),
            new Check.RowCountRatio(
                "fact_orders_one_row_per_source_row",
                "gold.fact_orders",
                "silver.orders",
                BigDecimal.ONE,
                BigDecimal.ONE,
                Severity.ERROR),
            agree("fact_orders_amount_sum_agrees", "sum(`amount`)", "sum(`amount`)"));
  }

  @Test
  void comeBeforeTheListedOnes() {
    Check rule = new Check.Expression("rule", "gold.fact_orders", "amount > 0", Severity.WARN);
    List<Check> expected = new ArrayList<>(StructuralChecks.of(SHOP, ORDERS));
    expected.add(rule);

    assertThat(StructuralChecks.withListed(SHOP.withChecks(List.of(rule)), ORDERS))
        .isEqualTo(expected);
  }

  @Test
  void giveWayToListedOnesOfTheirNameOrMeaning() {
    List<Check> listed =
        List.of(
            // of its name
            new Check.Expression(
                "dim_state_state_key_unique", "gold.dim_state", "true", Severity.WARN),
            // of its meaning
            unique("a", "dim_state", EVERYWHERE, "valid_from", "state"),
            notNull("b", "dim_state", "state", where("state_key<>0")),
            new Check.Intervals("c", "dim_state", Severity.WARN),
            new Check.Relationship(
                "d", "fact_orders", "state_key", "dim_state", "state_key", Severity.ERROR),
            new Check.Reconcile(
                "e", "fact_orders", "SUM( amount )", "silver.orders", "sum(amount)", Severity.WARN),
            agree("f", "count(*)", "count(*)"),
            new Check.Expression(
                "g",
                "dim_date",
                "date_key = 0 OR date_key =\n  year(date) * 10000 + month(date) * 100 + day(date)",
                Severity.ERROR));

    List<String> left = new ArrayList<>(names(StructuralChecks.of(SHOP, ORDERS)));
    left.removeAll(
        List.of(
            "dim_state_state_key_unique",
            "dim_state_version_unique",
            "dim_state_state_not_null",
            "dim_state_intervals",
            "fact_orders_state_key_exists",
            "fact_orders_amount_sum_agrees",
            "fact_orders_one_row_per_source_row",
            "dim_date_date_key_is_the_date"));
    left.addAll(names(listed));
    assertThat(names(StructuralChecks.withListed(SHOP.withChecks(listed), ORDERS))).isEqualTo(left);
  }

  @Test
  void stayBesideListedOnesThatLookAtOtherRows() {
    List<Check> listed =
        List.of(
            unique("a", "fact_orders", where("amount > 0"), "id"),
            notNull("b", "dim_state", "state", EVERYWHERE),
            new Check.RowCountRatio(
                "c",
                "fact_orders",
                "silver.orders",
                new BigDecimal("0.5"),
                BigDecimal.ONE,
                Severity.ERROR),
            new Check.AcceptedValues(
                "d", "fact_orders", "state_key", List.of("1"), Severity.ERROR));

    assertThat(StructuralChecks.withListed(SHOP.withChecks(listed), ORDERS))
        .hasSize(StructuralChecks.of(SHOP, ORDERS).size() + listed.size());
  }

  @Test
  void haveNamesOfTheirOwnWhereTablesAndColumnsMakeOneName() {
    Star.Dimension order = SHOP.dimensions().get(1);
    Star twice =
        new Star(
            "twice",
            "orders",
            List.of(dimension(order, "a_b", "c"), dimension(order, "a", "b_c")),
            Optional.empty(),
            List.of(),
            List.of(),
            "digest");

    assertThat(names(StructuralChecks.of(twice, ORDERS)))
        .containsExactly(
            "a_b_c_unique",
            "a_b_c_not_null",
            "a_b_id_not_null",
            "a_b_member_unique",
            "a_b_c_unique_2",
            "a_b_c_not_null_2",
            "a_id_not_null",
            "a_member_unique");
  }

  private static Star.Dimension dimension(Star.Dimension like, String table, String surrogateKey) {
    return new Star.Dimension(
        table,
        surrogateKey,
        "",
        like.scdType(),
        like.businessKey(),
        like.effectiveFrom(),
        like.tieBreak(),
        like.tracked(),
        like.untracked(),
        like.deleteWhen());
  }

  private static List<String> names(List<Check> checks) {
    return checks.stream().map(Check::name).toList();
  }

  private static Optional<String> where(String predicate) {
    return Optional.of(predicate);
  }

  private static Check unique(
      String name, String table, Optional<String> where, String... columns) {
    return new Check.Unique(name, "gold." + table, List.of(columns), where, Severity.ERROR);
  }

  private static Check notNull(String name, String table, String column, Optional<String> where) {
    return new Check.NotNull(name, "gold." + table, column, where, Severity.ERROR);
  }

  private static Check exists(String name, String column, String toTable, String toColumn) {
    return new Check.Relationship(
        name, "gold.fact_orders", column, "gold." + toTable, toColumn, Severity.ERROR);
  }

  private static Check agree(String name, String left, String right) {
    return new Check.Reconcile(
        name, "silver.orders", left, "gold.fact_orders", right, Severity.ERROR);
  }
}

package io.medallion.gold.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.medallion.core.contract.Severity;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.star.Star.Fact;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
  private static final LocalDate DAY = LocalDate.of(2024, 2, 10);

  @TempDir Path dir;
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(Session.small(), dir.toString());
    shop.open();
    shop.put(
        Line.of("o1", 1, DAY).customer("c1", "Ann", "Home"),
        Line.of("o2", 1, DAY).customer("c2", "Bob", "Home").amount(null),
        Line.of("o2", 2, DAY).customer("c2", "Bob", "Home").amount("-1.00000"),
        Line.of("o3", 1, DAY).customer("c3", "Cyd", "Office").amount("2.00000").shipped(DAY));
  }

  /** The shop's star without the dimensions that no check of these tests looks at. */
  private static Star narrow(String digest, Check... checks) {
    Star star = Shop.star(digest, checks);
    Fact fact = star.facts().get(0);
    return new Star(
        star.name(),
        star.source(),
        List.of(Shop.CUSTOMER),
        star.dateDimension(),
        List.of(
            new Fact(
                fact.table(),
                fact.description(),
                fact.grain(),
                fact.dates(),
                List.of(fact.references().get(0)),
                fact.columns())),
        star.checks(),
        star.digest());
  }

  private static Optional<String> where(String predicate) {
    return Optional.of(predicate);
  }

  private static Check.Unique unique(
      String name, String table, Optional<String> where, String... c) {
    return new Check.Unique(name, table, List.of(c), where, Severity.ERROR);
  }

  private static Check.RowCountRatio ratio(String name, String minimum, String maximum) {
    return new Check.RowCountRatio(
        name,
        "fact",
        "silver.orders",
        new BigDecimal(minimum),
        new BigDecimal(maximum),
        Severity.WARN);
  }

  private static Check.Reconcile reconcile(String name, String left, String right) {
    return new Check.Reconcile(name, "silver.orders", left, "gold.fact", right, Severity.ERROR);
  }

  @Test
  void everyKindPassesAndFailsWithExactCounts() {
    Star star =
        narrow(
            "s1",
            unique("unique passes", "gold.dim_customer", Optional.empty(), "customer"),
            unique("unique fails", "dim_customer", Optional.empty(), "segment"),
            unique("unique where passes", "dim_customer", where("customer <> 'c2'"), "segment"),
            new Check.NotNull("not null fails", "fact", "amount", Optional.empty(), Severity.WARN),
            new Check.NotNull(
                "not null where passes",
                "fact",
                "amount",
                where("order_id <> 'o2'"),
                Severity.ERROR),
            new Check.Relationship(
                "relationship passes",
                "fact",
                "customer_key",
                "dim_customer",
                "customer_key",
                Severity.ERROR),
            new Check.Relationship(
                "relationship fails", "fact", "status", "dim_customer", "segment", Severity.ERROR),
            new Check.AcceptedValues(
                "accepted passes",
                "dim_customer",
                "segment",
                List.of("Home", "Office", "Unknown"),
                Severity.ERROR),
            new Check.AcceptedValues(
                "accepted fails", "dim_customer", "segment", List.of("Home"), Severity.ERROR),
            new Check.Expression(
                "expression passes where it is null",
                "fact",
                "amount IS NULL OR amount > -2",
                Severity.ERROR),
            new Check.Expression("expression fails", "fact", "amount > 0", Severity.ERROR),
            new Check.Intervals("intervals pass", "dim_customer", Severity.ERROR),
            reconcile("agree passes", "sum(amount)", "sum(double_amount) / 2"),
            reconcile("agree on null passes", "max(shipped) IS NULL", "max(ship_key) = 0"),
            reconcile("agree fails", "sum(amount)", "sum(double_amount)"),
            ratio("ratio passes", "1", "1"),
            ratio("ratio too low", "1.1", "2"),
            ratio("ratio too high", "0", "0.9"));

    GoldSummary.Build build = shop.build(star).orElseThrow();

    assertThat(build.checks())
        .extracting(
            CheckResult::check, CheckResult::kind, CheckResult::table, CheckResult::violations)
        .containsExactly(
            tuple("unique passes", "unique", "gold.dim_customer", 0L),
            tuple("unique fails", "unique", "gold.dim_customer", 1L),
            tuple("unique where passes", "unique", "gold.dim_customer", 0L),
            tuple("not null fails", "not_null", "gold.fact", 1L),
            tuple("not null where passes", "not_null", "gold.fact", 0L),
            tuple("relationship passes", "relationship", "gold.fact", 0L),
            tuple("relationship fails", "relationship", "gold.fact", 4L),
            tuple("accepted passes", "accepted_values", "gold.dim_customer", 0L),
            tuple("accepted fails", "accepted_values", "gold.dim_customer", 2L),
            tuple("expression passes where it is null", "expression", "gold.fact", 0L),
            tuple("expression fails", "expression", "gold.fact", 1L),
            tuple("intervals pass", "intervals", "gold.dim_customer", 0L),
            tuple("agree passes", "agree", "silver.orders", 0L),
            tuple("agree on null passes", "agree", "silver.orders", 0L),
            tuple("agree fails", "agree", "silver.orders", 1L),
            tuple("ratio passes", "row_count_ratio", "gold.fact", 0L),
            tuple("ratio too low", "row_count_ratio", "gold.fact", 1L),
            tuple("ratio too high", "row_count_ratio", "gold.fact", 1L));
    assertThat(build.checks()).allMatch(r -> r.passed() == r.sample().isEmpty());
    assertThat(build.checks()).allMatch(r -> r.scope() == CheckResult.Scope.ALL);
    assertThat(samples(build, "unique fails")).contains("[{\"segment\":\"Home\"}]");
    assertThat(samples(build, "not null fails")).contains("[{\"order_id\":\"o2\",\"line_id\":1}]");
    assertThat(samples(build, "agree fails"))
        .contains("[{\"left\":\"11.50000\",\"right\":\"23.00000\"}]");
    assertThat(build.checks().stream().filter(CheckResult::breaches))
        .extracting(CheckResult::check)
        .containsExactly(
            "unique fails",
            "relationship fails",
            "accepted fails",
            "expression fails",
            "agree fails");
    assertThat(new CheckResults(shop.spark, shop.lake).latest("shop")).isEqualTo(build.checks());
  }

  private static Optional<String> samples(GoldSummary.Build build, String check) {
    return build.checks().stream()
        .filter(result -> result.check().equals(check))
        .findFirst()
        .orElseThrow()
        .sample();
  }

  @Test
  void intervalsThatOverlapEndBeforeTheyBeginOrAreFalselyCurrentAreCounted() {
    Star star = narrow("s1", new Check.Intervals("intervals", "dim_customer", Severity.ERROR));
    shop.put(
        Line.of("o4", 1, DAY.plusDays(2)).customer("c1", "Anna", "Home"),
        Line.of("o5", 1, DAY.plusDays(2)).customer("c2", "Bobby", "Home"));
    shop.build(star);
    assertThat(evaluate(star)).isZero();

    for (String damage :
        List.of(
            "valid_to = DATE'2024-02-13' WHERE name = 'Ann'",
            "valid_to = valid_from WHERE name = 'Bob'",
            "is_current = false WHERE name = 'Cyd'")) {
      shop.spark.sql("UPDATE delta.`" + shop.gold("dim_customer").path() + "` SET " + damage);
    }

    assertThat(evaluate(star)).isEqualTo(3);
  }

  private long evaluate(Star star) {
    return new Checks(
            shop.spark, shop.lake, star, shop.source.version(), Map.of(), ChangedRows.all())
        .evaluate()
        .get(0)
        .violations();
  }

  @Test
  void anIncrementLooksAtChangedRowsOnlyAndAtAllWhereTheCheckHadFailed() {
    Check negative = new Check.Expression("dear", "fact", "amount > 0", Severity.ERROR);
    Check cheap = new Check.Expression("cheap", "fact", "amount < 100", Severity.ERROR);
    Star star =
        narrow("s1", negative, cheap, unique("id", "fact", where("status = 'x'"), "status"));
    shop.build(star);
    shop.put(Line.of("o6", 1, DAY).amount("200.00000"));

    GoldSummary.Build second = shop.build(star).orElseThrow();

    assertThat(second.checks())
        .extracting(CheckResult::check, CheckResult::violations, CheckResult::scope)
        .containsExactly(
            tuple("dear", 1L, CheckResult.Scope.ALL),
            tuple("cheap", 1L, CheckResult.Scope.CHANGED),
            tuple("id", 0L, CheckResult.Scope.CHANGED));
    shop.put(Line.of("o2", 2, DAY).customer("c2", "Bob", "Home").amount("1.00000"));

    GoldSummary.Build third = shop.build(star).orElseThrow();

    assertThat(third.checks())
        .extracting(CheckResult::check, CheckResult::violations, CheckResult::scope)
        .containsExactly(
            tuple("dear", 0L, CheckResult.Scope.ALL),
            tuple("cheap", 1L, CheckResult.Scope.ALL),
            tuple("id", 0L, CheckResult.Scope.CHANGED));
  }

  /** So a lake goes on whose last build knew fewer checks, or had other names for them. */
  @Test
  void aCheckWithoutAnEarlierResultLooksAtAllRowsOnceThoughTheStarIsNotRebuilt() {
    Check cheap = new Check.Expression("cheap", "fact", "amount < 100", Severity.ERROR);
    Check known = new Check.NotNull("known", "fact", "_file_id", Optional.empty(), Severity.ERROR);
    shop.build(narrow("s1", cheap));
    shop.put(Line.of("o6", 1, DAY));

    GoldSummary.Build second = shop.build(narrow("s1", known, cheap)).orElseThrow();

    assertThat(second.rebuilt()).isEmpty();
    assertThat(second.checks())
        .extracting(CheckResult::check, CheckResult::scope)
        .containsExactly(
            tuple("known", CheckResult.Scope.ALL), tuple("cheap", CheckResult.Scope.CHANGED));
    shop.put(Line.of("o7", 1, DAY));
    assertThat(shop.build(narrow("s1", known, cheap)).orElseThrow().checks())
        .extracting(CheckResult::scope)
        .containsOnly(CheckResult.Scope.CHANGED);
  }

  @Test
  @Tag("slow")
  void anIncrementComparesWhatSumsAndCountsChangedBy() {
    Star star =
        narrow(
            "s1",
            reconcile("sums", "sum(amount)", "sum(double_amount / 2)"),
            reconcile("counts", "count(*)", "count(order_id)"),
            reconcile("maxima", "max(amount)", "max(amount)"),
            new Check.Reconcile(
                "members",
                "silver.orders",
                "count(DISTINCT customer)",
                "silver.orders",
                "count(DISTINCT struct(customer, segment))",
                Severity.WARN),
            reconcile("orders", "count(DISTINCT order_id)", "count(DISTINCT order_id)"));
    shop.build(star);
    shop.apply(
        List.of(
            Line.of("o1", 1, DAY).customer("c1", "Ann", "Home").amount("7.00000"),
            Line.of("o8", 1, DAY).customer("c1", "Ann", "Office").amount("3.00000")),
        List.of(Line.of("o3", 1, DAY)));

    GoldSummary.Build build = shop.build(star).orElseThrow();

    assertThat(build.checks())
        .extracting(CheckResult::check, CheckResult::violations, CheckResult::scope)
        .containsExactly(
            tuple("sums", 0L, CheckResult.Scope.CHANGED),
            tuple("counts", 0L, CheckResult.Scope.CHANGED),
            tuple("maxima", 0L, CheckResult.Scope.ALL),
            tuple("members", 0L, CheckResult.Scope.EARLIER),
            tuple("orders", 0L, CheckResult.Scope.ALL));
  }

  @Test
  @Tag("slow")
  void anIncrementWhoseSumsChangeByDifferentAmountsBreachesUntilMended() {
    Star star =
        narrow(
            "s1",
            reconcile("doubled", "sum(amount)", "sum(CASE WHEN status = 'open' THEN amount END)"));
    shop.build(star);
    shop.put(Line.of("o9", 1, DAY).place("DE", "Bonn", "West", "late").amount("3.00000"));

    assertThat(shop.build(star).orElseThrow().checks())
        .extracting(CheckResult::violations, CheckResult::scope, CheckResult::sample)
        .containsExactly(
            tuple(
                1L,
                CheckResult.Scope.CHANGED,
                Optional.of("[{\"left\":\"3.00000\",\"right\":\"0.00000\"}]")));
    shop.put(Line.of("o8", 1, DAY).amount("1.00000"));

    assertThat(shop.build(star).orElseThrow().checks())
        .extracting(CheckResult::violations, CheckResult::scope, CheckResult::sample)
        .containsExactly(
            tuple(
                1L,
                CheckResult.Scope.ALL,
                Optional.of("[{\"left\":\"15.50000\",\"right\":\"12.50000\"}]")));
  }

  @Test
  @Tag("slow")
  void aNewRowThatRepeatsAnOldOneIsFoundAmongAllRows() {
    Star star = narrow("s1", unique("amounts", "fact", Optional.empty(), "amount"));
    shop.build(star);
    shop.put(Line.of("o7", 1, DAY).amount("2.00000"));

    GoldSummary.Build build = shop.build(star).orElseThrow();

    assertThat(build.checks())
        .containsExactly(
            new CheckResult(
                "amounts",
                "unique",
                "gold.fact",
                Severity.ERROR,
                1,
                CheckResult.Scope.CHANGED,
                Optional.of("[{\"amount\":2.00000}]")));
    assertThat(Stream.of(build.tables().get(2).inserted())).containsExactly(1L);
  }
}

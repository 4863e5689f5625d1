package io.medallion.gold.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Severity;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.table.TableChange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldStreamTest {
  private static final LocalDate DAY = LocalDate.of(2024, 2, 10);

  /** A lake with one order line, its star built once for all tests that go on from there. */
  @TempDir static Path built;

  @TempDir Path dir;
  private Shop shop;

  @BeforeAll
  static void build() {
    Shop shop = new Shop(Session.small(), built.toString());
    shop.open();
    shop.put(Line.of("o1", 1, DAY));
    assertThat(shop.stream(Shop.star()).run().builds()).hasSize(1);
  }

  @BeforeEach
  void open() {
    shop = new Shop(Session.small(), dir.toString());
  }

  private void goOnFromTheBuiltStar() throws IOException {
    FileUtils.copyDirectory(built.toFile(), dir.toFile());
  }

  @Test
  void saysWhereSilverIsMissing() {
    GoldSummary summary = shop.stream(Shop.star()).run();

    assertThat(summary.builds()).isEmpty();
    assertThat(summary.note())
        .contains("silver.orders does not exist yet: run bronze and silver first");
  }

  @Test
  void buildsTheWholeStarFromTheFirstBatch() {
    shop.open();
    shop.put(
        Line.of("o1", 1, DAY).shipped(DAY.plusDays(400)),
        Line.of("o2", 1, DAY.plusDays(5)).customer("c1", "Ann", "Corporate").email("b@x"),
        Line.of("o3", 1, DAY.minusDays(1)).customer(null, "Nobody", null));

    GoldSummary summary = shop.stream(Shop.star()).run();

    assertThat(summary.builds()).hasSize(1);
    assertThat(summary.builds().get(0).rebuilt()).contains("this is the first build");
    assertThat(summary.builds().get(0).tables())
        .extracting(TableChange::table, TableChange::inserted, TableChange::version)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("dim_customer", 3L, 1L),
            org.assertj.core.groups.Tuple.tuple("dim_product", 2L, 1L),
            org.assertj.core.groups.Tuple.tuple("dim_place", 2L, 1L),
            org.assertj.core.groups.Tuple.tuple("dim_date", 366L + 365 + 1, 1L),
            org.assertj.core.groups.Tuple.tuple("fact", 3L, 1L));
    assertThat(summary.breaches()).isEmpty();
    assertThat(summary.checks()).hasSize(8).allMatch(CheckResult::passed);
    assertThat(
            shop.sorted(
                "dim_customer",
                "customer",
                "name",
                "segment",
                "email",
                "valid_from",
                "valid_to",
                "is_current"))
        .containsExactly(
            "[c1,Ann,Consumer,b@x,2024-02-10,2024-02-15,false]",
            "[c1,Ann,Corporate,b@x,2024-02-15,9999-12-31,true]",
            "[null,Unknown,Unknown,Unknown,1900-01-01,9999-12-31,true]");
    assertThat(shop.sorted("dim_product", "product", "title"))
        .containsExactly("[null,Unknown]", "[p1,Pen]");
    assertThat(
            shop.sorted(
                "fact",
                "order_id",
                "line_id",
                "day_key",
                "ship_key",
                "customer_key = 0",
                "status",
                "amount",
                "double_amount",
                "_file_id",
                "_record_number"))
        .containsExactly(
            "[o1,1,20240210,20250316,false,open,10.50000,21.00000,f1,0]",
            "[o2,1,20240215,0,false,open,10.50000,21.00000,f1,1]",
            "[o3,1,20240209,0,true,open,10.50000,21.00000,f1,2]");
  }

  @Test
  void runningAgainCommitsNothing() throws IOException {
    goOnFromTheBuiltStar();
    shop.put(Line.of("o1", 1, DAY).customer("c1", "Anna", "Consumer"));
    GoldSummary second = shop.stream(Shop.star()).run();
    Map<String, Long> versions = shop.versions();

    GoldSummary third = shop.stream(Shop.star()).run();

    assertThat(second.builds()).hasSize(1);
    assertThat(third.builds()).isEmpty();
    assertThat(third.checks()).isEqualTo(second.checks());
    assertThat(shop.versions()).isEqualTo(versions);
  }

  @Test
  @Tag("slow")
  void commitsNothingWhereAChangeShowsInNoTable() throws IOException {
    goOnFromTheBuiltStar();
    Map<String, Long> versions = shop.versions();
    shop.source.delta().updateExpr(Map.of("_content_hash", "7"));

    GoldSummary summary = shop.stream(Shop.star()).run();

    assertThat(summary.builds().get(0).rowsWritten()).isZero();
    versions.merge("runs", 1L, Long::sum);
    versions.merge("check_results", 1L, Long::sum);
    assertThat(shop.versions()).isEqualTo(versions);
  }

  @Test
  void aLateRecordSplitsAVersionAndTheFactsAfterItFollow() {
    shop.open();
    shop.put(
        Line.of("o1", 1, DAY),
        Line.of("o2", 1, DAY.plusDays(3)),
        Line.of("o3", 1, DAY.plusDays(9)).customer("c1", "Ann", "Corporate"),
        Line.of("o4", 1, DAY.plusDays(6)));
    shop.stream(Shop.star()).run();
    shop.put(Line.of("o5", 1, DAY.plusDays(2)).customer("c1", "Ann", "Home"));

    GoldSummary.Build build = shop.stream(Shop.star()).run().builds().get(0);

    // o4 and o2 are seen on days of their own, so that only the late day itself is a new version.
    assertThat(shop.sorted("dim_customer", "segment", "valid_from", "valid_to"))
        .containsExactly(
            "[Consumer,2024-02-10,2024-02-12]",
            "[Consumer,2024-02-13,2024-02-19]",
            "[Corporate,2024-02-19,9999-12-31]",
            "[Home,2024-02-12,2024-02-13]",
            "[Unknown,1900-01-01,9999-12-31]");
    assertThat(build.repointed()).isEqualTo(2);
    assertThat(build.tables().get(4))
        .isEqualTo(new TableChange("fact", 1, 2, 0, shop.gold("fact").version()));
    assertThat(factsBy("segment"))
        .containsExactly(
            "[o1,Consumer,2024-02-10]",
            "[o2,Consumer,2024-02-13]",
            "[o3,Corporate,2024-02-19]",
            "[o4,Consumer,2024-02-13]",
            "[o5,Home,2024-02-12]");
  }

  private List<String> factsBy(String column) {
    return shop
        .gold("fact")
        .read()
        .join(shop.gold("dim_customer").read(), "customer_key")
        .selectExpr("order_id", column, "valid_from")
        .collectAsList()
        .stream()
        .map(Object::toString)
        .sorted()
        .toList();
  }

  @Test
  void anEditedStarIsRebuiltAtOnce() throws IOException {
    goOnFromTheBuiltStar();
    Check check = new Check.Expression("dear", "fact", "amount > 100", Severity.ERROR);

    GoldSummary summary = shop.stream(Shop.star("s2", check)).run();

    assertThat(summary.builds()).hasSize(1);
    assertThat(summary.builds().get(0).rebuilt())
        .contains("the star or its contract was edited since the last build");
    assertThat(summary.breaches())
        .containsExactly(
            new CheckResult(
                "dear",
                "expression",
                "gold.fact",
                Severity.ERROR,
                1,
                CheckResult.Scope.ALL,
                Optional.of("[{\"order_id\":\"o1\",\"line_id\":1}]")));
    assertThat(shop.stream(Shop.star("s2", check)).run().builds()).isEmpty();
    assertThat(new CheckResults(shop.spark, shop.lake).latest("shop")).isEqualTo(summary.checks());
  }

  @Test
  @Tag("slow")
  void aRemovedAttributeLeavesTheTable() throws IOException {
    goOnFromTheBuiltStar();
    Star star = Shop.star();
    Star.Dimension narrow =
        new Star.Dimension(
            "dim_customer",
            "customer_key",
            "Customers",
            Star.ScdType.TYPE_2,
            Shop.CUSTOMER.businessKey(),
            "day",
            List.of(),
            List.of(Shop.attribute("name")),
            List.of(),
            Optional.empty());
    Star edited =
        new Star(
            star.name(),
            star.source(),
            List.of(narrow, Shop.PRODUCT, Shop.PLACE),
            star.dateDimension(),
            star.facts(),
            star.checks(),
            "s3");

    shop.stream(edited).run();

    assertThat(shop.gold("dim_customer").schema().fieldNames())
        .containsExactly(
            "customer_key", "customer", "name", "valid_from", "valid_to", "is_current");
    assertThat(shop.gold("dim_customer").properties())
        .containsEntry("delta.enableChangeDataFeed", "true");
  }
}

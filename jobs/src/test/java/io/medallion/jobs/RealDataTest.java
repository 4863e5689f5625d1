package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.medallion.jobs.GeneratedTruthTest.Duck;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.testkit.LocalSession;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public Superstore file by compiled plans, held against DuckDB reading the same CSV. */
@Tag("slow")
class RealDataTest {
  private static final Path FILE =
      TestLake.REPOSITORY.resolve("../shared/data/superstore/Global_Superstore2.csv");

  @TempDir Path dir;

  @BeforeEach
  void workLikeOnMany() {
    LocalSession.compilePlans();
  }

  @AfterEach
  void interpretAgain() {
    LocalSession.interpretPlans();
  }

  @Test
  void theStarEqualsWhatDuckDbMakesOfTheFile() throws Exception {
    assumeTrue(Files.exists(FILE), "skipped: " + FILE + " is not here");
    Path utf8 = dir.resolve("orders-utf8.csv");
    Files.writeString(
        utf8, Files.readString(FILE, Charset.forName("windows-1252")), StandardCharsets.UTF_8);
    TestLake lake = new TestLake(dir.resolve("lake"));
    lake.run("real", FILE);

    assertThat(
            lake.query(
                "SELECT count(*), sum(sales), sum(quantity), sum(profit), sum(shipping_cost), sum(discount) FROM gold.fact_sales"))
        .containsExactly(
            List.of(
                "51290",
                "12642501.90988",
                "178312",
                "1467457.29128",
                "1352820.69000",
                "7329.72800"));
    assertThat(
            lake.query(
                "SELECT d.year, count(*), sum(f.sales), sum(f.quantity) FROM gold.fact_sales f JOIN gold.dim_date d ON d.date_key = f.order_date_key GROUP BY 1 ORDER BY 1"))
        .containsExactly(
            List.of("2011", "8998", "2259450.89554", "31443"),
            List.of("2012", "10962", "2677438.69440", "38111"),
            List.of("2013", "13799", "3405746.44938", "48136"),
            List.of("2014", "17531", "4299865.87056", "60622"));
    Reconciliation reconciliation = lake.reconcile();
    assertThat(reconciliation.balances()).isTrue();
    assertThat(reconciliation.total().quarantined()).isZero();

    versions(
        lake,
        utf8,
        "dim_customer",
        "customer_key",
        "\"Customer ID\"",
        "\"Customer Name\", \"Segment\"",
        "customer_id",
        "customer_name, segment");
    versions(
        lake,
        utf8,
        "dim_product",
        "product_key",
        "\"Product ID\"",
        "\"Product Name\", \"Category\", \"Sub-Category\"",
        "product_id",
        "product_name, category, sub_category");
    versions(
        lake,
        utf8,
        "dim_store",
        "store_key",
        "\"Country\", \"State\", \"City\", \"Postal Code\"",
        "\"Market\", \"Region\"",
        "country, state, city, postal_code",
        "market, region");
    assertThat(
            lake.query(
                "SELECT count(*) FROM gold.fact_sales f JOIN gold.dim_customer c ON c.customer_key = f.customer_key"
                    + " JOIN gold.dim_product p ON p.product_key = f.product_key JOIN gold.dim_store s ON s.store_key ="
                    + " f.store_key WHERE f.order_date >= c.valid_from AND f.order_date < c.valid_to AND f.order_date"
                    + " >= p.valid_from AND f.order_date < p.valid_to AND f.order_date >= s.valid_from AND"
                    + " f.order_date < s.valid_to"))
        .containsExactly(List.of("51290"));

    var before = lake.versions();
    lake.run("again", FILE);
    assertThat(lake.versions()).isEqualTo(before);
  }

  /**
   * Versions by the rule: per key and day the row with the largest Row ID; equal neighbours are
   * one.
   */
  private static void versions(
      TestLake lake,
      Path csv,
      String table,
      String surrogateKey,
      String key,
      String tracked,
      String ourKey,
      String ourTracked)
      throws Exception {
    String blank = "'^[\\s\\x{00A0}]+|[\\s\\x{00A0}]+$'";
    String columns = key + ", " + tracked;
    String trimmed =
        String.join(
            ", ",
            List.of(columns.split(", ")).stream()
                .map(c -> "nullif(regexp_replace(" + c + ", " + blank + ", '', 'g'), '') AS " + c)
                .toList());
    String sql =
        "WITH raw AS (SELECT "
            + trimmed
            + ", CAST(\"Row ID\" AS BIGINT) AS rid, strptime(\"Order Date\", '%d-%m-%Y')::DATE AS day FROM read_csv('"
            + csv
            + "', header = true, all_varchar = true, quote = '\"', escape = '\"', max_line_size = 1000000)),"
            + " days AS (SELECT *, row_number() OVER (PARTITION BY "
            + key
            + ", day ORDER BY rid DESC) AS n FROM raw),"
            + " states AS (SELECT *, row("
            + tracked
            + ") AS attributes FROM days WHERE n = 1),"
            + " marked AS (SELECT *, lag(attributes) OVER (PARTITION BY "
            + key
            + " ORDER BY day) AS earlier FROM states),"
            + " starts AS (SELECT * FROM marked WHERE earlier IS NULL OR earlier IS DISTINCT FROM attributes)"
            + " SELECT "
            + columns
            + ", day, coalesce(lead(day) OVER (PARTITION BY "
            + key
            + " ORDER BY day), DATE '9999-12-31') FROM starts";
    assertThat(
            lake.query(
                "SELECT "
                    + ourKey
                    + ", "
                    + ourTracked
                    + ", valid_from, valid_to FROM gold."
                    + table
                    + " WHERE "
                    + surrogateKey
                    + " <> 0"))
        .as(table)
        .containsExactlyInAnyOrderElementsOf(Duck.query(sql));
  }
}

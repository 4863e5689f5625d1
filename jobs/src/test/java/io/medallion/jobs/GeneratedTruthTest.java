package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline against the generator's truth, which knows nothing of the pipeline. */
@Tag("slow")
class GeneratedTruthTest {
  @TempDir Path dir;

  @Test
  void everyRecordEndsAsTheTruthSaysBeforeAndAfterTheIncrement() throws Exception {
    generate(false);
    TestLake lake = new TestLake(dir.resolve("lake"));
    lake.run("first", dir.resolve("data/orders"), dir.resolve("data/rejected-samples"));
    assertThat(lake.reconcile().balances()).isTrue();
    assertThat(lake.reconcile().rejected()).hasSize(4);
    holdsTruth(lake, "truth");

    lake.run("second", dir.resolve("data/increment"));
    assertThat(lake.reconcile().balances()).isTrue();
    holdsTruth(lake, "truth-with-increment");

    var versions = lake.versions();
    lake.run("third", dir.resolve("data/orders"), dir.resolve("data/increment"));
    assertThat(lake.versions()).isEqualTo(versions);
  }

  @Test
  void anyOrderOfFilesGivesTheSameStarWhereSequenceColumnsDecide() throws Exception {
    generate(true);
    TestLake lake = new TestLake(dir.resolve("lake"));
    lake.run("late-first", dir.resolve("data/increment"));
    try (var files = java.nio.file.Files.list(dir.resolve("data/orders"))) {
      List<Path> reversed = new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
      int half = reversed.size() / 2;
      lake.run("a", reversed.subList(0, half).toArray(Path[]::new));
      lake.run("b", reversed.subList(half, reversed.size()).toArray(Path[]::new));
    }
    assertThat(lake.reconcile().balances()).isTrue();
    holdsStar(lake, dir.resolve("data/truth-with-increment"));
  }

  private void generate(boolean updatedAt) throws IOException {
    GeneratorOptions options =
        GeneratorOptions.of(400, dir.resolve("data"))
            .withSeed(11)
            .withFaultRate(0.06)
            .withIncrementPercent(8);
    OrderGenerator.generate(updatedAt ? options.withUpdatedAt() : options);
  }

  private void holdsTruth(TestLake lake, String truth) throws SQLException {
    assertThat(
            lake.query(
                "SELECT element_at(split(m.source_uri, '/data/'), 2) AS file, CAST(sum(a.records) AS STRING),"
                    + " CAST(sum(a.accepted) AS STRING), CAST(sum(a.duplicates) AS STRING),"
                    + " CAST(sum(a.superseded) AS STRING), CAST(sum(a.quarantined) AS STRING)"
                    + " FROM (SELECT explode(accounts) AS a FROM ops.runs WHERE job = 'silver')"
                    + " JOIN bronze.manifest m ON m.file_id = a.file_id WHERE m.record_count > 0 GROUP BY 1 ORDER BY 1"))
        .containsExactlyInAnyOrderElementsOf(
            truth(
                truth,
                "SELECT file, records, accepted, duplicates, superseded, quarantined FROM '%s/fates.csv'"
                    + " WHERE repeated_of IS NULL OR repeated_of = ''"));
    assertThat(
            lake.query(
                "SELECT element_at(split(source_uri, '/data/'), 2), record_number FROM silver.quarantine"))
        .containsExactlyInAnyOrderElementsOf(
            truth(truth, "SELECT file, record_number FROM '%s/quarantine.csv'"));
    holdsStar(lake, dir.resolve("data").resolve(truth));
  }

  /** Dimensions and facts are as a truth's folder says. */
  static void holdsStar(TestLake lake, Path truth) throws SQLException {
    String versions = ", valid_from, valid_to, is_current FROM ";
    for (String[] dimension :
        new String[][] {
          {"dim_customer", "customer_id, customer_name, segment", "customer_key"},
          {"dim_product", "product_id, product_name, category, sub_category", "product_key"},
          {"dim_store", "country, state, city, postal_code, market, region", "store_key"}
        }) {
      assertThat(
              lake.query(
                  "SELECT "
                      + dimension[1]
                      + versions
                      + "gold."
                      + dimension[0]
                      + " WHERE "
                      + dimension[2]
                      + " <> 0"))
          .as(dimension[0])
          .containsExactlyInAnyOrderElementsOf(
              truth(truth, "SELECT " + dimension[1] + versions + "'%s/" + dimension[0] + ".csv'"));
    }
    String measures =
        "order_id, row_id, order_date, ship_date, ship_mode, order_priority, sales, quantity, discount, profit,"
            + " shipping_cost";
    assertThat(
            lake.query(
                "SELECT f."
                    + measures.replace(", ", ", f.")
                    + ", c.customer_id, c.valid_from, p.product_id, p.valid_from, s.country, s.state, s.city,"
                    + " s.postal_code, s.valid_from FROM gold.fact_sales f"
                    + " JOIN gold.dim_customer c ON c.customer_key = f.customer_key"
                    + " JOIN gold.dim_product p ON p.product_key = f.product_key"
                    + " JOIN gold.dim_store s ON s.store_key = f.store_key"))
        .containsExactlyInAnyOrderElementsOf(
            truth(
                truth,
                "SELECT order_id, row_id, order_date, ship_date, ship_mode, order_priority,"
                    + " CAST(sales AS DECIMAL(18,5)), quantity, CAST(discount AS DECIMAL(18,5)),"
                    + " CAST(profit AS DECIMAL(18,5)), CAST(shipping_cost AS DECIMAL(18,5)), customer_id,"
                    + " customer_valid_from, product_id, product_valid_from, country, state, city, postal_code,"
                    + " store_valid_from FROM '%s/fact_sales.csv'"));
  }

  private List<List<String>> truth(String truth, String sql) throws SQLException {
    return truth(dir.resolve("data").resolve(truth), sql);
  }

  /** Rows of a truth's files, {@code %s} being its folder. */
  static List<List<String>> truth(Path folder, String sql) throws SQLException {
    return Duck.query(
        sql.replaceAll(
            "'%s/(\\w+\\.csv)'",
            java.util.regex.Matcher.quoteReplacement("read_csv('" + folder + "/")
                + "$1', header = true, all_varchar = true)"));
  }

  /** Queries of an engine that is not ours. */
  static final class Duck {
    private Duck() {}

    static List<List<String>> query(String sql) throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        List<List<String>> result = new ArrayList<>();
        while (rows.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            String value = rows.getString(i);
            row.add(value == null ? "" : value);
          }
          result.add(row);
        }
        return result;
      }
    }
  }
}

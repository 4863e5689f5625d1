package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What two lakes that took in the same files must have in common. */
final class LakeContent {
  /** Rows, and accounts: everything but what tells of runs, of when they were, and of places. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT feed, status, reason, content_sha256, size_bytes, encoding, newline, record_count"
              + " FROM bronze.manifest",
          "SELECT * FROM silver.sales_orders",
          "SELECT * FROM silver.quarantine",
          "SELECT * FROM gold.dim_customer",
          "SELECT * FROM gold.dim_product",
          "SELECT * FROM gold.dim_store",
          "SELECT * FROM gold.dim_date",
          "SELECT * FROM gold.fact_sales",
          "SELECT star, batch_id, `check`, `table`, violations, passed FROM ops.check_results",
          "SELECT a.file_id, sum(a.records), sum(a.accepted), sum(a.duplicates), sum(a.superseded),"
              + " sum(a.quarantined) FROM (SELECT explode(accounts) AS a FROM ops.runs WHERE job = 'silver')"
              + " GROUP BY 1");

  private static final Set<String> OF_THE_RUN =
      Set.of("_landing_seq", "landing_seq", "source_uri", "quarantined_at");

  private LakeContent() {}

  /** Holds every table of a lake against another's, row for row, and its ledger against itself. */
  static void isTheSame(TestLake actual, TestLake expected) {
    for (String sql : QUERIES) {
      List<List<String>> rows = rows(expected, sql);
      assertThat(rows).as(sql).isNotEmpty();
      assertThat(rows(actual, sql)).as(sql).containsExactlyInAnyOrderElementsOf(rows);
    }
    assertThat(actual.reconcile().balances()).isTrue();
  }

  private static List<List<String>> rows(TestLake lake, String sql) {
    if (!sql.startsWith("SELECT *")) {
      return lake.query(sql);
    }
    List<String> columns = new ArrayList<>();
    lake.query(sql.replace("SELECT * FROM", "DESCRIBE")).stream()
        .map(row -> row.get(0))
        .takeWhile(name -> !name.isEmpty() && !name.startsWith("#"))
        .filter(name -> !OF_THE_RUN.contains(name))
        .forEach(columns::add);
    return lake.query(sql.replace("*", String.join(", ", columns)));
  }
}

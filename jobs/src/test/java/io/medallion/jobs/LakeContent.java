package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What two lakes that took in the same files must have in common. */
final class LakeContent {
  /** Rows, and accounts: everything but what tells of runs, of when they were, and of places. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT feed, status, reason, content_sha256, size_bytes, encoding, newline, header, record_count"
              + " FROM bronze.manifest",
          "SELECT * EXCEPT (_landing_seq) FROM silver.sales_orders",
          "SELECT * EXCEPT (landing_seq, source_uri, quarantined_at) FROM silver.quarantine",
          "SELECT * FROM gold.dim_customer",
          "SELECT * FROM gold.dim_product",
          "SELECT * FROM gold.dim_store",
          "SELECT * FROM gold.dim_date",
          "SELECT * FROM gold.fact_sales",
          "SELECT `check`, `table`, violations, passed FROM ops.check_results",
          "SELECT a.file_id, sum(a.records), sum(a.accepted), sum(a.duplicates), sum(a.superseded),"
              + " sum(a.quarantined) FROM (SELECT explode(accounts) AS a FROM ops.runs WHERE job = 'silver')"
              + " GROUP BY 1");

  private LakeContent() {}

  /** Holds every table of a lake against another's, row for row, and both against themselves. */
  static void isTheSame(TestLake actual, TestLake expected) {
    for (String sql : QUERIES) {
      List<List<String>> rows = expected.query(sql);
      assertThat(rows).as(sql).isNotEmpty();
      assertThat(actual.query(sql)).as(sql).containsExactlyInAnyOrderElementsOf(rows);
    }
    assertThat(actual.reconcile().balances()).isTrue();
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.SameRows;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What two lakes that took in the same files must have in common. */
final class LakeContent {
  private static final List<String> TABLES =
      List.of(
          "silver.sales_orders",
          "silver.quarantine",
          "gold.dim_customer",
          "gold.dim_product",
          "gold.dim_store",
          "gold.dim_date",
          "gold.fact_sales");

  /** Accounts, and of other tables what does not tell of runs, of when they were, and of places. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT feed, status, reason, content_sha256, size_bytes, encoding, newline, record_count"
              + " FROM bronze.manifest",
          "SELECT star, batch_id, `check`, `table`, violations, passed FROM ops.check_results",
          "SELECT a.file_id, sum(a.records), sum(a.accepted), sum(a.duplicates), sum(a.superseded),"
              + " sum(a.quarantined) FROM (SELECT explode(accounts) AS a FROM ops.runs WHERE job = 'silver')"
              + " GROUP BY 1");

  private static final String[] OF_THE_RUN = {
    "_landing_seq", "landing_seq", "source_uri", "quarantined_at"
  };

  private LakeContent() {}

  /** Holds every table of a lake against another's, row for row, and its ledger against itself. */
  static void isTheSame(TestLake actual, TestLake expected) {
    for (String table : TABLES) {
      Dataset<Row> rows = expected.table(table).read().drop(OF_THE_RUN);
      assertThat(rows.isEmpty()).as(table).isFalse();
      SameRows.assertSame(rows, actual.table(table).read().drop(OF_THE_RUN));
    }
    for (String sql : QUERIES) {
      List<List<String>> rows = expected.query(sql);
      assertThat(rows).as(sql).isNotEmpty();
      assertThat(actual.query(sql)).as(sql).containsExactlyInAnyOrderElementsOf(rows);
    }
    assertThat(actual.reconcile().balances()).isTrue();
  }
}

package io.medallion.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What silver and gold say, without where their rows came from. */
final class SalesContent {
  private static final List<String> TABLES =
      List.of(
          "silver.sales_orders",
          "gold.dim_customer",
          "gold.dim_product",
          "gold.dim_store",
          "gold.dim_date",
          "gold.fact_sales");

  private SalesContent() {}

  /** Rows of every table as text, ordered. */
  static TreeMap<String, List<String>> of(TestLake lake) {
    TreeMap<String, List<String>> content = new TreeMap<>();
    for (String table : TABLES) {
      String columns =
          Arrays.stream(lake.columns(table))
              .filter(column -> !column.startsWith("_"))
              .collect(Collectors.joining(", "));
      content.put(
          table,
          lake.query("SELECT " + columns + " FROM " + table).stream()
              .map(String::valueOf)
              .sorted()
              .toList());
    }
    return content;
  }
}

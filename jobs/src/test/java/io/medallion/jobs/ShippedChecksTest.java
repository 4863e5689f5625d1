package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Severity;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.gold.check.ChangedRows;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.Checks;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of the shipped star: each kind fails where it should, and nothing besides. */
@Tag("all")
class ShippedChecksTest {
  /**
   * Damage to a table of a star that is sound.
   *
   * @param sql with %s for the table
   * @param checks those that must fail by it
   */
  private record Damage(String table, String sql, Set<String> checks) {}

  @TempDir Path dir;
  private TestLake lake;

  @Test
  void aPlantedViolationFailsExactlyTheChecksThatLookAtIt() throws Exception {
    OrderGenerator.generate(
        GeneratorOptions.of(100, dir.resolve("data")).withSeed(5).withFaultRate(0.05));
    lake = new TestLake(dir.resolve("lake"));
    lake.run("run", dir.resolve("data/orders"));
    Lakehouse lakehouse = lake.open("check");
    Star star = lakehouse.configuration().stars().byName("sales");
    Set<String> before = failed(lakehouse, star);
    // What the source contradicts itself in is told, and breaches nothing.
    assertThat(before).contains("product_has_one_name", "customer_has_one_segment");
    assertThat(star.checks())
        .filteredOn(check -> before.contains(check.name()))
        .allMatch(check -> check.severity() == Severity.WARN);

    Map<String, Set<String>> failed = new TreeMap<>();
    Map<String, Set<String>> expected = new TreeMap<>();
    for (Damage damage : damages()) {
      LakeTable table = lake.table("gold." + damage.table());
      long sound = table.version();
      lakehouse.spark().sql(damage.sql().formatted("delta.`" + table.path() + "`"));
      Set<String> more = failed(lakehouse, star);
      more.removeAll(before);
      failed.put(damage.sql(), more);
      expected.put(damage.sql(), damage.checks());
      table.delta().restoreToVersion(sound);
    }

    assertThat(failed).isEqualTo(expected);
    assertThat(failed(lakehouse, star)).as("the sound star again").isEqualTo(before);
    Set<String> planted =
        expected.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    assertThat(
            star.checks().stream()
                .filter(check -> planted.contains(check.name()))
                .<Class<?>>map(Object::getClass))
        .as("every kind of check is among them")
        .containsAll(List.of(Star.Check.class.getPermittedSubclasses()));
  }

  private static Set<String> failed(Lakehouse lakehouse, Star star) {
    return new Checks(
            lakehouse.spark(),
            lakehouse.lake(),
            star,
            lakehouse.lake().table(lakehouse.spark(), Lake.Layer.SILVER, star.source()).version(),
            Map.of(),
            ChangedRows.all())
        .evaluate().stream()
            .filter(result -> !result.passed())
            .map(CheckResult::check)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Damage> damages() {
    List<String> fact =
        lake.query(
                "SELECT order_id, row_id FROM gold.fact_sales WHERE discount > 0 AND ship_date IS NOT NULL"
                    + " AND order_date > (SELECT min(order_date) FROM gold.fact_sales)"
                    + " AND order_date < (SELECT max(order_date) FROM gold.fact_sales)"
                    + " AND ship_date > (SELECT min(ship_date) FROM gold.fact_sales)"
                    + " AND ship_date < (SELECT max(ship_date) FROM gold.fact_sales)"
                    + " ORDER BY 1, 2 LIMIT 1")
            .get(0);
    String ofTheFact = " WHERE order_id = '" + fact.get(0) + "' AND row_id = " + fact.get(1);
    String closed =
        lake.query("SELECT min(customer_key) FROM gold.dim_customer WHERE NOT is_current")
            .get(0)
            .get(0);
    List<Damage> damages = new ArrayList<>();
    damages.add(
        new Damage(
            "fact_sales",
            "UPDATE %s SET ship_mode = 'Rocket'" + ofTheFact,
            Set.of("fact_sales_ship_mode_accepted")));
    damages.add(
        new Damage(
            "fact_sales",
            "UPDATE %s SET _record_number = NULL" + ofTheFact,
            Set.of("fact_sales_record_number_not_null")));
    damages.add(
        new Damage(
            "fact_sales",
            "UPDATE %s SET customer_key = 1" + ofTheFact,
            Set.of("fact_sales_customer_key_exists")));
    damages.add(
        new Damage(
            "fact_sales",
            "UPDATE %s SET shipping_cost = shipping_cost + 0.00001" + ofTheFact,
            Set.of("fact_sales_shipping_cost_sum_agrees")));
    damages.add(
        new Damage(
            "fact_sales",
            "DELETE FROM %s" + ofTheFact,
            Stream.of(
                    "one_row_per_source_row",
                    "order_date_key_count_agrees",
                    "ship_date_key_count_agrees",
                    "sales_sum_agrees",
                    "quantity_sum_agrees",
                    "discount_sum_agrees",
                    "profit_sum_agrees",
                    "shipping_cost_sum_agrees")
                .map(check -> "fact_sales_" + check)
                .collect(Collectors.toSet())));
    damages.add(
        new Damage(
            "dim_date",
            "UPDATE %s SET is_weekend = NOT is_weekend WHERE date = DATE'2024-03-01'",
            Set.of("date_weekend_is_saturday_or_sunday")));
    damages.add(
        new Damage(
            "dim_date",
            "INSERT INTO %1$s SELECT * FROM %1$s WHERE date_key = 0",
            Set.of("dim_date_date_key_unique")));
    damages.add(
        new Damage(
            "dim_customer",
            "UPDATE %s SET valid_to = valid_to + INTERVAL 1 DAY WHERE customer_key = " + closed,
            Set.of("dim_customer_intervals")));
    return damages;
  }
}

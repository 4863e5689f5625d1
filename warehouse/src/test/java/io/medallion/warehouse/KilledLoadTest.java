package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.testkit.Rounds;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads in a process of their own that is killed at random instants: what the file holds is always
 * the star of one build, whole. {@code -Dmedallion.rounds=20} kills that often.
 */
@Tag("slow")
class KilledLoadTest {
  private static final int KILLS = Rounds.of(3);

  @TempDir Path dir;

  @Test
  void aLoadKilledAtAnyInstantLeavesAWholeStarAndIsDoneByTheNext() throws Exception {
    Shop shop = new Shop(Session.small(), dir.resolve("lake").toString());
    shop.open();
    shop.put(Line.of("o1", 1, LocalDate.of(2024, 1, 1)));
    shop.build(Shop.star());
    Path file = dir.resolve("warehouse.duckdb");
    Random random = Rounds.random(KilledLoadTest.class);
    for (int kill = 0; kill < KILLS; kill++) {
      Process loop = LoadLoop.start(dir.resolve("lake"), file, Map.of());
      Thread.sleep(random.nextInt(4_000));
      loop.destroyForcibly();
      assertThat(loop.waitFor(1, TimeUnit.MINUTES)).isTrue();
      holdsOneBuild(shop, file);
    }

    shop.build(Shop.star());
    LoadLoop.load(shop, file).changes();

    holdsOneBuild(shop, file);
    assertThat(LoadLoop.load(shop, file).isDone()).isTrue();
    assertThat(LoadLoop.load(shop, file).changes().tables()).isEmpty();
  }

  private static void holdsOneBuild(Shop shop, Path file) {
    Map<String, TableState> held =
        new DuckDbWarehouse(shop.spark, shop.lake, file).state("shop").tables();
    assertThat(held.keySet()).containsExactlyInAnyOrderElementsOf(Shop.star().tables());
    held.forEach(
        (table, state) ->
            assertThat(Plain.rows(DuckDbWarehouseTest.query(file, "SELECT * FROM " + table)))
                .as(table + " at version " + state.version().version())
                .isEqualTo(Plain.rows(shop.gold(table).read(state.version().version()))));
    assertThat(
            DuckDbWarehouseTest.query(
                file,
                "SELECT order_id FROM fact WHERE customer_key NOT IN (SELECT customer_key FROM"
                    + " dim_customer) OR place_key NOT IN (SELECT place_key FROM dim_place)"))
        .isEmpty();
    assertThat(
            DuckDbWarehouseTest.query(
                file,
                "SELECT table_name, from_version, to_version FROM medallion_loads"
                    + " WHERE from_version IS NOT NULL GROUP BY ALL HAVING count(*) > 1"))
        .isEmpty();
  }
}

package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.build.Line;
import io.medallion.gold.build.Plain;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.testkit.Rounds;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads in a process of their own that is killed at random instants, while the stand-in goes on, as
 * Snowflake would: readers always see the star of one build, whole. {@code -Dmedallion.rounds=20}
 * kills that often.
 */
@Tag("slow")
class KilledSnowflakeLoadTest {
  private static final int KILLS = Rounds.of(2);

  @TempDir Path dir;

  @Test
  void aLoadKilledAtAnyInstantLeavesAWholeStarAndIsDoneByTheNext() throws Exception {
    Shop shop = new Shop(Session.small(), dir.resolve("lake").toString());
    shop.open();
    shop.put(Line.of("o1", 1, LocalDate.of(2024, 1, 1)));
    shop.build(Shop.star());
    Random random = Rounds.random(KilledSnowflakeLoadTest.class);
    try (SnowflakeUnderTest snowflake = new SnowflakeUnderTest(dir)) {
      snowflake.server().abandoningAfter(Duration.ofSeconds(3));
      for (int kill = 0; kill < KILLS; kill++) {
        Process loop =
            LoadLoop.start(dir.resolve("lake"), snowflake.settings(), snowflake.environment());
        Thread.sleep(random.nextInt(8_000));
        loop.destroyForcibly();
        assertThat(loop.waitFor(1, TimeUnit.MINUTES)).isTrue();
        holdsOneBuild(shop, snowflake);
      }

      shop.build(Shop.star());
      snowflake.load(shop).changes();

      holdsOneBuild(shop, snowflake);
      assertThat(snowflake.load(shop).isDone()).isTrue();
      assertThat(snowflake.load(shop).changes().tables()).isEmpty();
    }
  }

  private static void holdsOneBuild(Shop shop, SnowflakeUnderTest snowflake) {
    Map<String, TableState> held =
        new SnowflakeWarehouse(
                SnowflakeSettings.read(snowflake.settings(), snowflake.environment()::get))
            .state("shop")
            .tables();
    assertThat(held.keySet()).containsExactlyInAnyOrderElementsOf(Shop.star().tables());
    held.forEach(
        (table, state) -> {
          String columns = String.join(", ", shop.gold(table).read().columns());
          assertThat(Plain.rows(snowflake.query("SELECT " + columns + " FROM " + table)))
              .as(table + " at version " + state.version().version())
              .isEqualTo(Plain.rows(shop.gold(table).read(state.version().version())));
        });
    assertThat(
            snowflake.query(
                "SELECT order_id FROM fact WHERE customer_key NOT IN (SELECT customer_key FROM"
                    + " dim_customer) OR place_key NOT IN (SELECT place_key FROM dim_place)"))
        .isEmpty();
    assertThat(
            snowflake.query(
                "SELECT table_name, from_version, to_version FROM medallion_loads WHERE"
                    + " from_version IS NOT NULL GROUP BY table_name, from_version, to_version"
                    + " HAVING count(*) > 1"))
        .isEqualTo(List.of());
  }
}

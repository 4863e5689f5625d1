package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Shop;
import io.medallion.testkit.snowflake.Faults;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnowflakeWarehouseTest extends WarehouseContract {
  private SnowflakeUnderTest snowflake;

  @BeforeEach
  void start() {
    snowflake = new SnowflakeUnderTest(dir);
  }

  @AfterEach
  void stop() {
    snowflake.close();
  }

  @Override
  Warehouse open() {
    return snowflake.open();
  }

  @Override
  List<List<Object>> query(String sql) {
    return snowflake.query(sql);
  }

  @Override
  void execute(String sql) {
    snowflake.execute(sql);
  }

  @Test
  void nothingIsLeftBesideTheStar() {
    changes();

    assertThat(
            query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'STAR'"))
        .extracting(row -> row.get(0).toString().toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrder(
            "dim_customer",
            "dim_date",
            "dim_place",
            "dim_product",
            "fact",
            "medallion_loads",
            "medallion_tables",
            "medallion_views",
            "v_by_customer");
    assertThat(snowflake.server().stagedFiles()).isZero();
    assertThat(snowflake.server().sessions()).isZero();
  }

  @Test
  void aTableThatNoLoadMadeIsLeftAlone() {
    execute("CREATE TABLE dim_place (mine INT)");

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("a table dim_place that no load of Medallion made");

    execute("ALTER TABLE dim_place RENAME TO my_places");
    changes();
    assertThat(query("SELECT * FROM my_places")).isEmpty();
    isGold();
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotDoneTwice() {
    changes();
    shop.put(Line.of("o1", 1, DAY).amount("3.00000"), Line.of("o8", 1, DAY));
    shop.build(Shop.star());
    for (int n = 1; n <= 2; n++) {
      snowflake.server().faults().at("^\\s*commit", n, Faults.Kind.DROP_ANSWER);
    }

    changes();

    isGold();
    assertThat(query("SELECT count(*) FROM medallion_loads WHERE table_name = 'fact'"))
        .first()
        .asString()
        .isEqualTo("[2]");
  }
}

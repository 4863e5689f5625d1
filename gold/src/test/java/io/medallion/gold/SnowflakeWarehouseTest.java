package io.medallion.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.gold.warehouse.Warehouse;
import io.medallion.gold.warehouse.snowflake.SnowflakeSettings;
import io.medallion.gold.warehouse.snowflake.SnowflakeWarehouse;
import io.medallion.testkit.snowflake.Faults;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnowflakeWarehouseTest extends WarehouseContract {
  private static final KeyPair KEYS = keys();
  private static final String PEM =
      "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(KEYS.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";

  private final SnowflakeStandIn server =
      SnowflakeStandIn.start("SALES", "STAR")
          .withKey("loader", KEYS.getPublic())
          .withPassword("analyst", "look only");

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  Warehouse open() {
    try {
      Path file = dir.resolve("snowflake.yaml");
      Files.writeString(
          file,
          """
          account: acct
          host: %s
          tls: false
          user: loader
          private_key: ${env:KEY}
          database: SALES
          schema: STAR
          """
              .formatted(server.host()));
      return new SnowflakeWarehouse(SnowflakeSettings.read(file, Map.of("KEY", PEM)::get));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Connection analyst() throws SQLException {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "analyst");
    properties.put("password", "look only");
    properties.put("ssl", "off");
    return DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
  }

  @Override
  List<List<Object>> query(String sql) {
    try (Connection connection = analyst();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  @Override
  void execute(String sql) {
    try (Connection connection = analyst();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  @Test
  void nothingIsLeftBesideTheStar() {
    changes();

    assertThat(
            query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'STAR'"))
        .extracting(row -> row.get(0).toString().toLowerCase(java.util.Locale.ROOT))
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
    assertThat(server.stagedFiles()).isZero();
    assertThat(server.sessions()).isZero();
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
    for (int n = 1; n <= 12; n++) {
      server.faults().at("^\\s*commit", n, Faults.Kind.DROP_ANSWER);
    }

    changes();

    isGold();
    assertThat(query("SELECT count(*) FROM medallion_loads WHERE table_name = 'fact'"))
        .first()
        .asString()
        .isEqualTo("[2]");
  }

  @Test
  void everyRequestOfALoadCanLoseItsSession() {
    changes();
    shop.put(Line.of("o1", 1, DAY).customer("c1", "Anna", "Home"), Line.of("o8", 1, DAY));
    shop.build(Shop.star());
    for (String statement :
        List.of("^\\s*MERGE INTO \"FACT", "^\\s*UPDATE medallion", "^commit", "^\\s*copy")) {
      server.faults().at(statement, 1, Faults.Kind.LOSE_SESSION);
      changes();
      isGold();
      server.faults().clear();
      shop.put(Line.of("o1", 1, DAY).amount(statement.length() + ".00000"));
      shop.build(Shop.star());
    }
    changes();
    isGold();
  }
}

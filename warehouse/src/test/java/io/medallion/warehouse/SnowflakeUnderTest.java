package io.medallion.warehouse;

import io.medallion.gold.build.Shop;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
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

/** A stand-in, settings that name it, and an analyst who looks and meddles. */
final class SnowflakeUnderTest implements AutoCloseable {
  private static final KeyPair KEYS = keys();
  private static final String PEM =
      "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(KEYS.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";

  private final SnowflakeStandIn server =
      SnowflakeStandIn.start("SALES", "STAR")
          .withKey("loader", KEYS.getPublic())
          .withPassword("analyst", "look only");
  private final Path settings;

  SnowflakeUnderTest(Path dir) {
    settings = dir.resolve("snowflake.yaml");
    try {
      Files.writeString(
          settings,
          """
          account: acct
          host: %s
          tls: false
          user: loader
          private_key: ${env:LOADER_KEY}
          database: SALES
          schema: STAR
          """
              .formatted(server.host()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  SnowflakeStandIn server() {
    return server;
  }

  Path settings() {
    return settings;
  }

  Map<String, String> environment() {
    return Map.of("LOADER_KEY", PEM);
  }

  SnowflakeWarehouse open() {
    return new SnowflakeWarehouse(SnowflakeSettings.read(settings, environment()::get));
  }

  WarehouseLoad load(Shop shop) {
    return new WarehouseLoad(
        shop.spark,
        shop.lake,
        shop.ledger(),
        Shop.star(),
        List.of(),
        open(),
        Shop.CLOCK,
        "test",
        KnownChanges.NONE);
  }

  private Connection analyst() throws SQLException {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "analyst");
    properties.put("password", "look only");
    properties.put("ssl", "off");
    return DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
  }

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

  void execute(String sql) {
    try (Connection connection = analyst();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

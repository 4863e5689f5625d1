package io.medallion.demo;

import io.medallion.core.LakeException;
import io.medallion.jobs.cli.Console;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import java.io.IOException;
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

/** The stand-in for Snowflake in a demo without an account; it ends with the demo. */
final class DemoSnowflake implements AutoCloseable {
  private static final String DATABASE = "SALES";
  private static final String SCHEMA = "STAR";
  private static final int SHOWN = 5;

  private final SnowflakeStandIn server;
  private final KeyPair keys;

  private DemoSnowflake(SnowflakeStandIn server, KeyPair keys) {
    this.server = server;
    this.keys = keys;
  }

  static DemoSnowflake start() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair keys = generator.generateKeyPair();
      return new DemoSnowflake(
          SnowflakeStandIn.start(DATABASE, SCHEMA).withKey("demo", keys.getPublic()), keys);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no RSA", e);
    }
  }

  /** Settings as a user would write them. The key is this process's own and is never written. */
  SnowflakeSettings settings() throws IOException {
    Path file = Files.createTempFile("snowflake", ".yaml");
    try {
      Files.writeString(
          file,
          """
          account: demo
          host: %s
          tls: false
          user: demo
          private_key: ${env:KEY}
          database: %s
          schema: %s
          """
              .formatted(server.host(), DATABASE, SCHEMA));
      String pem =
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
              + "\n-----END PRIVATE KEY-----\n";
      return SnowflakeSettings.read(file, Map.of("KEY", pem)::get);
    } finally {
      Files.delete(file);
    }
  }

  void introduce(Console console) {
    console.notice(
        "no account of Snowflake is used: its own connector and driver load into a stand-in on"
            + " this machine, which speaks Snowflake's protocol and ends with the demo."
            + " --warehouse-config names a real account");
  }

  /** Shows what an analyst would see there. */
  void show(Console console) {
    console.line("");
    console.line("Asked of the stand-in through Snowflake's JDBC driver (v_top_customers):");
    Properties properties = new Properties();
    properties.put("account", "demo");
    properties.put("user", "demo");
    properties.put("privateKey", keys.getPrivate());
    properties.put("db", DATABASE);
    properties.put("schema", SCHEMA);
    properties.put("ssl", "off");
    try (Connection connection =
            DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT sales_rank, customer_name, orders, sales FROM v_top_customers"
                    + " ORDER BY sales_rank, customer_id LIMIT "
                    + SHOWN)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      console.table(List.of("rank", "customer", "orders", "sales"), rows);
    } catch (SQLException e) {
      throw new LakeException(
          "the stand-in does not answer: " + e.getMessage(), "run the demo again", e);
    }
    console.line("The stand-in is gone now, and what was loaded with it.");
  }

  @Override
  public void close() {
    server.close();
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.medallion.core.lake.Lake;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import io.medallion.warehouse.SemanticView;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The star of sales in both warehouses and in gold: the same rows, and views with the same answers.
 */
@Tag("slow")
class SnowflakeStarTest {
  private static final Path FILE =
      TestLake.REPOSITORY.resolve("../shared/data/superstore/Global_Superstore2.csv");

  @TempDir Path dir;
  private SnowflakeStandIn server;

  @BeforeEach
  void start() {
    server = SnowflakeStandIn.start("SALES", "STAR").withPassword("ann", "open sesame");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void generatedOrdersWithALateFileAreTheSameInBoth() throws Exception {
    OrderGenerator.generate(GeneratorOptions.of(300, dir.resolve("data")).withIncrementPercent(5));
    TestLake lake = new TestLake(dir.resolve("lake"));
    lake.run("first", dir.resolve("data/orders"));
    load(lake);
    lake.run("second", dir.resolve("data/increment"));
    load(lake);

    areTheSame(lake);
  }

  @Test
  void realOrdersAreTheSameInBoth() throws Exception {
    assumeTrue(Files.exists(FILE), "skipped: " + FILE + " is not here");
    TestLake lake = new TestLake(dir.resolve("lake"));
    lake.run("real", FILE);
    load(lake);

    areTheSame(lake);
    assertThat(snowflake("SELECT count(*), sum(sales) FROM fact_sales"))
        .containsExactly("51290|12642501.90988");
  }

  private Path file() {
    return dir.resolve("warehouse.duckdb");
  }

  private void load(TestLake lake) throws Exception {
    Path settings = dir.resolve("snowflake.yaml");
    Files.writeString(
        settings,
        """
        account: acct
        host: %s
        tls: false
        user: ann
        password: ${env:PASS}
        database: SALES
        schema: STAR
        """
            .formatted(server.host()));
    Lakehouse lakehouse = lake.open("load");
    Star star = lakehouse.configuration().stars().byName("sales");
    try (Warehouse duckDb = new DuckDbWarehouse(lakehouse.spark(), lakehouse.lake(), file());
        Warehouse snowflake =
            new SnowflakeWarehouse(
                SnowflakeSettings.read(settings, Map.of("PASS", "open sesame")::get))) {
      assertThat(lakehouse.load(star, duckDb).changes().rows())
          .isEqualTo(lakehouse.load(star, snowflake).changes().rows());
    }
  }

  private void areTheSame(TestLake lake) throws SQLException {
    Lakehouse lakehouse = lake.open("look");
    Star star = lakehouse.configuration().stars().byName("sales");
    for (String table : star.tables()) {
      List<String> gold = gold(lake, table);
      assertThat(gold).as(table).isNotEmpty();
      assertSame(table, snowflake("SELECT * FROM " + table), gold);
      assertSame(table, duckDb("SELECT * FROM " + table), gold);
    }
    List<SemanticView> views = lakehouse.configuration().views().of(star);
    assertThat(views).isNotEmpty();
    for (SemanticView view : views) {
      String sql = "SELECT * FROM " + view.name();
      List<String> answers = duckDb(sql);
      assertThat(answers).as(view.name()).isNotEmpty();
      assertSame(view.name(), snowflake(sql), answers);
      assertThat(columns(snowflake(), sql)).as(view.name()).isEqualTo(columns(duckDb(), sql));
    }
  }

  /** Without printing fifty thousand rows. */
  private static void assertSame(String what, List<String> rows, List<String> expected) {
    assertThat(rows.size()).as("rows of " + what).isEqualTo(expected.size());
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).as(what).isEqualTo(expected.get(i));
    }
  }

  private static List<String> gold(TestLake lake, String table) {
    List<String> rows = new ArrayList<>();
    for (Row row :
        lake.open("gold")
            .lake()
            .table(LocalSession.shared(), Lake.Layer.GOLD, table)
            .read()
            .collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      rows.add(line(values));
    }
    return rows.stream().sorted().toList();
  }

  private Connection snowflake() throws SQLException {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "ann");
    properties.put("password", "open sesame");
    properties.put("ssl", "off");
    return DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
  }

  private Connection duckDb() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + file());
  }

  private List<String> snowflake(String sql) throws SQLException {
    return rows(snowflake(), sql);
  }

  private List<String> duckDb(String sql) throws SQLException {
    return rows(duckDb(), sql);
  }

  private static List<String> rows(Connection opened, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = opened;
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<Object> values = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          values.add(result.getObject(i));
        }
        rows.add(line(values));
      }
    }
    return rows.stream().sorted().toList();
  }

  private static List<String> columns(Connection opened, String sql) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Connection connection = opened;
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        columns.add(result.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT));
      }
    }
    return columns;
  }

  private static String line(List<Object> values) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      if (value == null) {
        texts.add("∅");
      } else if (value instanceof Number number) {
        texts.add(new BigDecimal(number.toString()).stripTrailingZeros().toPlainString());
      } else {
        texts.add(value.toString());
      }
    }
    return String.join("|", texts);
  }
}

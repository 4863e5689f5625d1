package io.medallion.testkit.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.LocalSession;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stand-in seen through Snowflake's own Spark connector. */
@Tag("slow")
class ConnectorTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("name", DataTypes.StringType)
          .add("price", DataTypes.createDecimalType(38, 18))
          .add("day", DataTypes.DateType)
          .add("stamp", DataTypes.TimestampType)
          .add("yes", DataTypes.BooleanType);
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a\"b\"\"",
          "a|b",
          "line\nline\r\nline",
          "tab\there",
          "back\\slash \\n \\",
          "😀 ünï",
          "NULL",
          "'quoted'",
          "\"");

  private final SparkSession spark = LocalSession.shared();
  private SnowflakeStandIn server;

  @BeforeEach
  void start() throws SQLException {
    server = SnowflakeStandIn.start("SHOP", "PUBLIC").withPassword("ann", "open sesame");
    run(
        "create table t (yes boolean, stamp timestamp_ntz(6), id number(19,0) not null, name varchar,"
            + " day date, price number(38,18))");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void run(String sql) throws SQLException {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "ann");
    properties.put("password", "open sesame");
    properties.put("ssl", "off");
    try (Connection connection =
            DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("sfURL", server.host());
    options.put("sfAccount", "acct");
    options.put("sfUser", "ann");
    options.put("sfPassword", "open sesame");
    options.put("sfDatabase", "SHOP");
    options.put("sfSchema", "PUBLIC");
    options.put("sfSSL", "off");
    options.put("support_share_connection", "false");
    options.put("dbtable", "T");
    return options;
  }

  /** In place of what is there, columns in their order. */
  private void overwrite(Dataset<Row> rows, String... more) {
    List<String> all = new ArrayList<>(List.of("truncate_table", "on", "usestagingtable", "off"));
    all.addAll(List.of(more));
    write(
        rows.select("yes", "stamp", "id", "name", "day", "price"),
        SaveMode.Overwrite,
        all.toArray(String[]::new));
  }

  /** Columns by name, which the connector does only where it appends. */
  private void append(Dataset<Row> rows) {
    write(rows, SaveMode.Append, "column_mapping", "name");
  }

  private void write(Dataset<Row> rows, SaveMode mode, String... more) {
    Map<String, String> options = options();
    options.put("purge", "true");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    rows.write().format("net.snowflake.spark.snowflake").options(options).mode(mode).save();
  }

  private List<Row> read() {
    return spark
        .read()
        .format("net.snowflake.spark.snowflake")
        .options(options())
        .load()
        .selectExpr("CAST(ID AS BIGINT)", "NAME", "PRICE", "DAY", "STAMP", "YES")
        .orderBy("ID")
        .collectAsList();
  }

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      String text = TEXTS.get((int) (i % TEXTS.size()));
      rows.add(
          i % 13 == 12
              ? RowFactory.create(i, null, null, null, null, null)
              : RowFactory.create(
                  i,
                  text,
                  new BigDecimal("12345678901234567890.123456789012345678")
                      .subtract(BigDecimal.valueOf(i)),
                  Date.valueOf("1999-12-31"),
                  Timestamp.valueOf("2024-02-29 23:59:59.123456"),
                  i % 2 == 0));
    }
    return rows;
  }

  @Test
  void rowsComeBackAsTheyWereSent() {
    List<Row> rows = rows(2_000);

    append(spark.createDataFrame(rows, SCHEMA).repartition(3));

    assertThat(read()).isEqualTo(rows);
    assertThat(server.stagedFiles()).as("purged, or gone with their stage").isZero();
    assertThat(server.sessions()).as("sessions that stay open").isZero();
  }

  @Test
  void anOverwriteIsOneTransactionWithItsPostactions() {
    overwrite(spark.createDataFrame(rows(3), SCHEMA));

    assertThatThrownBy(
            () ->
                overwrite(
                    spark.createDataFrame(rows(5), SCHEMA),
                    "postactions",
                    "insert into nowhere values (1)"))
        .hasStackTraceContaining("'NOWHERE' does not exist or not authorized");

    assertThat(read()).isEqualTo(rows(3));
  }

  @Test
  void aCopyWhoseAnswerIsLostLoadsOnce() {
    server.faults().at("^\\s*copy into", 1, Faults.Kind.DROP_ANSWER);

    append(spark.createDataFrame(rows(7), SCHEMA));

    assertThat(read()).isEqualTo(rows(7));
  }

  @Test
  void aValueThatDoesNotFitFailsTheCopy() throws Exception {
    run("create or replace table t (id number(1,0) not null)");

    assertThatThrownBy(() -> append(spark.range(20).toDF("id").repartition(1)))
        .hasStackTraceContaining("\"10\" to DECIMAL(1,0)");
    assertThat(
            spark
                .read()
                .format("net.snowflake.spark.snowflake")
                .options(options())
                .load()
                .collectAsList())
        .isEmpty();
  }
}

package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.LoadJob;
import io.medallion.jobs.ReconcileJob;
import io.medallion.jobs.SnowflakeLogin;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code medallion load --warehouse snowflake}, from the options to the rows. */
@Tag("slow")
class LoadSnowflakeTest {
  private static final String ORDERS =
      "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,City,State,Country,"
          + "Postal Code,Market,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,"
          + "Profit,Shipping Cost,Order Priority\n"
          + "1,A-1,2024-01-02,,First Class,C-1,Ann Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-1,Technology,Phones,"
          + "\"Phone,\nblack\",10.00,1,0,1.5,2,High\n";

  @TempDir Path dir;
  private SnowflakeStandIn server;
  private String key;
  private String out;
  private String err;

  @BeforeEach
  void start() throws Exception {
    KeyPair keys = SnowflakeLogin.newKeys();
    key = SnowflakeLogin.text(keys);
    server =
        SnowflakeStandIn.start("SALES", "STAR")
            .withKey("loader", keys.getPublic())
            .withPassword("analyst", "look only");
    SnowflakeLogin.write(dir, server, keys);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int load(String... words) {
    return run(new LoadJob(), words);
  }

  private int run(Job job, String... words) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int exit =
        job.run(
            words,
            new Console(
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8)));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exit;
  }

  private String answer(String sql) throws Exception {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "analyst");
    properties.put("password", "look only");
    properties.put("ssl", "off");
    try (Connection connection =
            DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  @Test
  void aStarIsLoadedAndItsViewsAnswerAndTheKeyShowsNowhere() throws Exception {
    SparkSession spark = LocalSession.shared();
    TestLake lake = new TestLake(dir.resolve("lake"));
    Files.writeString(dir.resolve("orders.csv"), ORDERS);
    lake.run("run", dir.resolve("orders.csv"));
    List<String> shown = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            shown.add(event.toString());
          }

          @Override
          public void onJobStart(SparkListenerJobStart start) {
            shown.add(String.valueOf(start.properties()));
          }
        };
    spark.sparkContext().addSparkListener(listener);
    String[] words = {
      "--lake",
      lake.root().toString(),
      "--star",
      "sales",
      "--warehouse",
      "snowflake",
      "--warehouse-config",
      dir.resolve("snowflake.yaml").toString()
    };

    assertThat(load(words)).as(err).isEqualTo(ExitCode.DONE);
    String printed = out + err;
    assertThat(load(words)).as(err).isEqualTo(ExitCode.DONE);

    assertThat(answer("SELECT product_name FROM v_sales")).isEqualTo("Phone,\nblack");
    assertThat(answer("SELECT sales_rank FROM v_top_customers")).isEqualTo("1");
    assertThat(answer("SELECT max(load_number) FROM medallion_loads")).isEqualTo("0");
    spark.sparkContext().removeSparkListener(listener);
    printed += out + err;
    assertThat(
            run(
                new ReconcileJob(),
                "--lake",
                lake.root().toString(),
                "--warehouse",
                "snowflake",
                "--warehouse-config",
                dir.resolve("snowflake.yaml").toString()))
        .as(err)
        .isEqualTo(ExitCode.DONE);
    assertThat(out).contains("Balanced").contains("fact_sales");
    assertThat(shown).isNotEmpty();
    assertThat(String.join("\n", shown) + printed + out + err)
        .doesNotContain(key.substring(0, 60))
        .doesNotContain(key.substring(600, 660));
  }

  @Test
  void aDemoNeedsNoAccountAndSaysSo() {
    LocalSession.shared();
    assertThat(
            run(
                new DemoJob(),
                "--dir",
                dir.resolve("demo").toString(),
                "--orders",
                "100",
                "--warehouse",
                "snowflake"))
        .as(err)
        .isEqualTo(ExitCode.DONE);

    assertThat(err).contains("note: no account of Snowflake is used");
    assertThat(out)
        .contains("Asked of the stand-in through Snowflake's JDBC driver (v_top_customers):")
        .contains("The stand-in is gone now, and what was loaded with it.");
  }

  @Test
  void settingsThatAreMissingOrWrongAreToldBeforeAnythingStarts() {
    assertThat(load("--lake", dir.toString(), "--warehouse", "snowflake"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err)
        .contains(
            "--warehouse snowflake: `snowflake.url` is not set\n"
                + "    fix: set it in the profile or as MEDALLION_SNOWFLAKE_URL, or name a file of"
                + " settings with --warehouse-config\n")
        .contains("`snowflake.user` is not set")
        .contains("`snowflake.database` is not set")
        .contains("`snowflake.schema` is not set");

    assertThat(
            load(
                "--lake",
                dir.toString(),
                "--warehouse-config",
                dir.resolve("snowflake.yaml").toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--warehouse duckdb has no settings");
  }
}

package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Severity;
import io.medallion.core.lake.Lake;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The star of a small file in DuckDB, by the commands; those that change it come last. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoadJobTest {
  private static final String HEADER =
      "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer"
          + " Name,Segment,City,State,Country,Postal Code,Market,Region,Product"
          + " ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit,Shipping"
          + " Cost,Order Priority\n";

  @TempDir static Path dir;
  private static TestLake lake;

  private String out;
  private String err;

  @BeforeAll
  static void runOnce() throws IOException {
    LocalSession.shared();
    lake = new TestLake(dir.resolve("lake"));
    Files.writeString(
        dir.resolve("orders.csv"),
        HEADER
            + "1,A-1,2024-01-02,2024-01-05,First Class,C-1,Ann"
            + " Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-1,Technology,Phones,Phone,10.00,1,0,1.5,2,High\n"
            + "2,A-1,2024-01-02,,First Class,C-1,Ann"
            + " Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-2,Technology,Phones,Cable,2.50,2,0.5,0.5,1,High\n"
            + "3,A-2,2024-03-01,,First Class,C-1,Ann"
            + " Roy,Consumer,Rome,Lazio,Italy,,EU,North,P-1,Furniture,Desks,Phone,20.00,2,0,-3,1,Low\n"
            + "4,A-3,2024-03-01,,First"
            + " Class,C-2,Bob,Corporate,Metz,,France,57000,EU,North,P-2,Technology,Phones,Cable,5.00,4,0,1,1,Low\n");
    LoadJobTest first = new LoadJobTest();
    assertThat(first.command(new RunJob(), "--source", dir.resolve("orders.csv").toString()))
        .as(first.err)
        .isEqualTo(ExitCode.DONE);
    assertThat(first.out)
        .contains("duckdb.fact_sales")
        .contains("4 inserted, 0 updated, 0 deleted");
  }

  private int command(Job job, String... line) {
    List<String> words = new ArrayList<>(List.of(line));
    words.addAll(List.of("--lake", lake.root().toString()));
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int exit =
        job.run(
            words.toArray(String[]::new),
            new Console(
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8)));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exit;
  }

  private static Path file() {
    return lake.root().resolve("warehouse.duckdb");
  }

  private static List<String> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  @Test
  @Order(1)
  void salesAreSeenAsOfTheirDayAndAsOfToday() throws SQLException {
    String columns = " row_id, customer_name, category, region, year, sales ";
    assertThat(query("SELECT" + columns + "FROM v_sales ORDER BY row_id"))
        .containsExactly(
            "1|Ann Lee|Technology|South|2024|10.00000",
            "2|Ann Lee|Technology|South|2024|2.50000",
            "3|Ann Roy|Furniture|North|2024|20.00000",
            "4|Bob|Technology|North|2024|5.00000");
    assertThat(query("SELECT" + columns + "FROM v_sales_current ORDER BY row_id"))
        .containsExactly(
            "1|Ann Roy|Furniture|North|2024|10.00000",
            "2|Ann Roy|Technology|North|2024|2.50000",
            "3|Ann Roy|Furniture|North|2024|20.00000",
            "4|Bob|Technology|North|2024|5.00000");
  }

  @Test
  @Order(1)
  void sumsAreGivenByDayCustomerAndCategory() throws SQLException {
    assertThat(
            query(
                "SELECT order_date, day_name, orders, order_lines, quantity, sales, profit,"
                    + " discount_amount, shipping_cost FROM v_sales_daily ORDER BY 1"))
        .containsExactly(
            "2024-01-02|Tuesday|1|2|3|12.50000|2.00000|2.50000|3.00000",
            "2024-03-01|Friday|2|2|6|25.00000|-2.00000|0.00000|2.00000");
    assertThat(query("SELECT * FROM v_top_customers ORDER BY 1"))
        .containsExactly(
            "1|C-1|Ann Roy|Consumer|2|3|5|32.50000|-1.00000|2024-01-02|2024-03-01",
            "2|C-2|Bob|Corporate|1|1|4|5.00000|1.00000|2024-03-01|2024-03-01");
    assertThat(query("SELECT * FROM v_category_sales ORDER BY 1, 2"))
        .containsExactly(
            "2024|Furniture|Desks|1|1|1|2|20.00000|-3.00000|0.00000",
            "2024|Technology|Phones|2|3|2|7|17.50000|3.00000|2.50000");
  }

  @Test
  @Order(1)
  void nothingNewWritesNothing() throws IOException {
    Map<String, Long> versions = lake.versions();
    byte[] before = Files.readAllBytes(file());

    assertThat(command(new LoadJob(), "--star", "sales", "--json")).isEqualTo(ExitCode.DONE);

    assertThat(out).contains("\"warehouse\":\"duckdb\"").contains("\"tables\":[]");
    assertThat(command(new RunJob(), "--source", dir.resolve("orders.csv").toString()))
        .isEqualTo(ExitCode.DONE);
    assertThat(out).startsWith("Nothing new: no table was changed.");
    assertThat(lake.versions()).isEqualTo(versions);
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  @Order(1)
  void reconcileGoesOnToTheRowsOfTheWarehouse() {
    assertThat(command(new ReconcileJob(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out)
        .contains("\"duckdb.fact_sales\":4")
        .contains("\"fact_sales\":4")
        .contains("\"balances\":true");
  }

  @Test
  @Order(2)
  void reconcileFindsARowThatTheWarehouseLost() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM fact_sales WHERE row_id = 2");
    }

    assertThat(command(new ReconcileJob())).isEqualTo(ExitCode.GATE_BREACHED);
    assertThat(out).contains("NOT balanced");

    assertThat(command(new LoadJob(), "--full")).isEqualTo(ExitCode.DONE);
    assertThat(out).contains("4 inserted, 0 updated, 3 deleted");
    assertThat(command(new ReconcileJob())).isEqualTo(ExitCode.DONE);
  }

  @Test
  @Order(3)
  void aRunWithoutAWarehouseLeavesItBehind() throws IOException {
    Files.writeString(
        dir.resolve("late.csv"),
        HEADER
            + "5,A-0,2023-12-30,,First Class,C-1,Ann Ray,Consumer,Rome,Lazio,Italy,,EU,South,P-1,"
            + "Technology,Phones,Phone,1.00,1,0,0,0,High\n");
    String late = dir.resolve("late.csv").toString();
    assertThat(command(new RunJob(), "--source", late, "--warehouse", "none"))
        .isEqualTo(ExitCode.DONE);

    assertThat(command(new ReconcileJob())).isEqualTo(ExitCode.DONE);
    assertThat(err).contains("the warehouse is not where star sales is in gold");

    assertThat(command(new LoadJob())).isEqualTo(ExitCode.DONE);
    assertThat(command(new ReconcileJob(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out).contains("\"duckdb.fact_sales\":5");
    assertThat(lake.query("SELECT subject, count(*) FROM ops.runs WHERE job = 'load' GROUP BY 1"))
        .containsExactly(List.of("sales@duckdb", "3"));
  }

  @Test
  @Order(100)
  void aStarThatBreachedItsChecksIsLoadedByNoCommand() throws IOException {
    FileTime loaded = Files.getLastModifiedTime(file());
    CheckResults results =
        new CheckResults(LocalSession.shared(), new Lake(lake.root().toString()));
    List<CheckResult> passed = results.latest("sales");
    long build =
        Long.parseLong(
            lake.query("SELECT max(batch_id) FROM ops.check_results WHERE star = 'sales'")
                .get(0)
                .get(0));
    CheckResult first = passed.get(0);
    List<CheckResult> breached = new ArrayList<>(passed);
    breached.set(
        0,
        new CheckResult(
            first.check(),
            first.kind(),
            first.table(),
            Severity.ERROR,
            7,
            first.scope(),
            Optional.of("[1]")));
    // As a build that is repeated after a kill, and finds now what it had not found before.
    results.append("again", "sales", build, breached, Instant.EPOCH);
    assertThat(results.latest("sales").get(0).violations()).isEqualTo(7);

    for (String full : List.of("", "--full")) {
      int exit = full.isEmpty() ? command(new LoadJob()) : command(new LoadJob(), full);
      assertThat(exit).as(err).isEqualTo(ExitCode.GATE_BREACHED);
      assertThat(err)
          .contains("star sales was not loaded into ")
          .contains("checks of severity error");
    }
    assertThat(command(new RunJob(), "--source", dir.resolve("orders.csv").toString()))
        .isEqualTo(ExitCode.GATE_BREACHED);
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(loaded);

    long version = lake.table("ops.check_results").version();
    results.append("again", "sales", build, breached, Instant.EPOCH);
    assertThat(lake.table("ops.check_results").version()).isEqualTo(version);
    results.append("again", "sales", build, passed, Instant.EPOCH);
    assertThat(command(new LoadJob())).as(err).isEqualTo(ExitCode.DONE);
  }
}

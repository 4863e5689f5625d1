package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a user types, after one run over a small file; the commands that write come last. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandsTest {
  private static final String HEADER =
      "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer"
          + " Name,Segment,City,State,Country,Postal Code,Market,Region,Product"
          + " ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit,Shipping"
          + " Cost,Order Priority\n";
  private static final String BROKEN_LINE =
      "1,A-1,2024-01-02,,First Class,C-1,Ann"
          + " Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-1,Technology,Phones,\"Phone,\n"
          + "black\",10.00,1,0,1.5,2,High\n";

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
            + BROKEN_LINE
            + "2,A-1,2024-01-02,,First Class,C-1,Ann"
            + " Lee,Consumer,Rome,Lazio,Italy,,EU,South,P-2,Technology,Phones,Cable,2.50,2,0,0.5,1,High\n"
            + "3,A-2,2024-01-03,,First Class,C-2,Bob"
            + " Roy,Wholesale,Rome,Lazio,Italy,,EU,South,P-2,Technology,Phones,Cable,5.00,4,0,1,1,Low\n");
    lake.run("run", dir.resolve("orders.csv"));
  }

  private int command(Job job, String... line) {
    List<String> words = new ArrayList<>(List.of(line));
    words.addAll(List.of("--lake", lake.root().toString()));
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    lake.query("SELECT 1");
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

  @Test
  @Order(1)
  void sqlPrintsATableWithItsRowCount() {
    assertThat(command(new SqlJob(), "SELECT row_id, sales FROM gold.fact_sales ORDER BY row_id"))
        .isEqualTo(ExitCode.DONE);
    assertThat(out)
        .isEqualTo(
            """
            row_id     sales
            ──────  ────────
                 1  10.00000
                 2   2.50000
            (2 rows)
            """);
  }

  @Test
  @Order(1)
  void sqlPrintsCsvWithQuotedLineBreaks() {
    command(
        new SqlJob(),
        "SELECT product_id, product_name FROM gold.dim_product WHERE product_key <> 0 ORDER BY 1",
        "--format",
        "csv");
    assertThat(out).isEqualTo("product_id,product_name\nP-1,\"Phone,\nblack\"\nP-2,Cable\n");
  }

  @Test
  @Order(1)
  void sqlPrintsOneJsonObjectForEachRow() {
    command(
        new SqlJob(), "SELECT row_id, sales FROM gold.fact_sales ORDER BY 1", "--format", "json");
    assertThat(out)
        .isEqualTo("{\"row_id\":1,\"sales\":10.00000}\n{\"row_id\":2,\"sales\":2.50000}\n");
  }

  @Test
  @Order(1)
  void sqlReadsAnEarlierVersion() {
    command(
        new SqlJob(),
        "SELECT count(*) AS n FROM gold.fact_sales VERSION AS OF 0",
        "--format",
        "csv");
    assertThat(out).isEqualTo("n\n0\n");
  }

  @Test
  @Order(1)
  void sqlRefusesToWrite() {
    Map<String, Long> versions = lake.versions();
    assertThat(command(new SqlJob(), "DELETE FROM gold.fact_sales")).isEqualTo(ExitCode.USAGE);
    assertThat(err)
        .isEqualTo(
            """
            error: QUERY: it is not a query: DeleteCommand is none of the steps that a query may have
                fix: only SELECT, WITH, VALUES, SHOW, DESCRIBE and EXPLAIN are run; the lake's tables are written by bronze, silver and gold alone
            """);
    assertThat(lake.versions()).isEqualTo(versions);
  }

  @Test
  @Order(1)
  void sqlNamesTheMistakeInAQuery() {
    assertThat(command(new SqlJob(), "SELECT salez FROM gold.fact_sales"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("salez").contains("sales");
  }

  @Test
  @Order(1)
  void traceLeadsFromAFactToItsRawTextAcrossALineBreak() {
    assertThat(command(new TraceJob(), "--order-id", "A-1")).isEqualTo(ExitCode.DONE);
    assertThat(out)
        .contains("orders.csv, record 1\n")
        .contains(BROKEN_LINE.strip().replace("\n", "\n          "))
        .contains("customer_name  Ann Lee\n")
        .contains("_warnings          []\n")
        .contains("sales            10.00000\n");
  }

  @Test
  @Order(1)
  void traceSaysWhereAnUnknownOrderMightBe() {
    assertThat(command(new TraceJob(), "--order-id", "A-9")).isEqualTo(ExitCode.FAILED);
    assertThat(err + out).contains("A-9");
  }

  @Test
  @Order(1)
  void planTellsFatesAndWritesNothing() throws IOException {
    Path more = dir.resolve("more.csv");
    Files.writeString(
        more,
        HEADER
            + BROKEN_LINE
            + "4,A-3,2024-01-04,,First Class,C-3,Eve"
            + " Moe,Consumer,Rome,Lazio,Italy,,EU,South,P-2,Technology,Phones,Cable,x,4,0,1,1,Low\n");
    Map<String, Long> versions = lake.versions();
    long files = files();
    assertThat(command(new PlanJob(), "--source", more.toString(), "--json"))
        .isEqualTo(ExitCode.DONE);
    assertThat(out).contains("\"duplicates\":1").contains("\"quarantined\":1");
    assertThat(lake.versions()).isEqualTo(versions);
    assertThat(files()).isEqualTo(files);
  }

  private static long files() throws IOException {
    try (var all = Files.walk(lake.root())) {
      return all.count();
    }
  }

  @Test
  @Order(1)
  void reconcileBalancesFromFileToFact() {
    assertThat(command(new ReconcileJob(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out)
        .contains("\"landed\":3")
        .contains("\"accepted\":2")
        .contains("\"quarantined\":1")
        .contains("\"balances\":true");
  }

  @Test
  @Order(1)
  void quarantineListsAndShowsReasonsWithTheRawText() {
    command(new QuarantineJob(), "list", "--format", "csv");
    assertThat(out).contains("segment_accepted_values,orders.csv,1,");
    command(new QuarantineJob(), "show", "--format", "json");
    assertThat(out)
        .contains("\"record\":3")
        .contains("segment is not one of Consumer, Corporate, Home Office: 'Wholesale'")
        .contains("3,A-2,2024-01-03");
  }

  @Test
  @Order(1)
  void checkShowsEveryResultOfTheLastBuild() {
    assertThat(command(new CheckJob(), "--star", "sales")).isEqualTo(ExitCode.DONE);
    List<String> lines = out.lines().toList();
    List<CheckResult> results =
        new CheckResults(LocalSession.shared(), new Lake(lake.location())).latest("sales");
    assertThat(lines.get(0).split(" +"))
        .containsExactly(
            "star",
            "check",
            "kind",
            "table",
            "severity",
            "passed",
            "scope",
            "violations",
            "sample");
    assertThat(lines.subList(2, lines.size() - 2).stream().map(line -> line.split(" +")[1]))
        .hasSizeGreaterThan(80)
        .containsExactlyElementsOf(results.stream().map(CheckResult::check).toList());
    assertThat(lines.subList(lines.size() - 2, lines.size()))
        .containsExactly(
            "(" + results.size() + " rows)",
            "star sales: " + results.size() + " of " + results.size() + " checks passed");
    assertThat(command(new CheckJob(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out)
        .startsWith(
            "{\"exit_code\":0,\"stars\":{\"sales\":[{\"check\":\"dim_customer_customer_key_unique\","
                + "\"kind\":\"unique\",\"table\":\"gold.dim_customer\",\"severity\":\"error\","
                + "\"passed\":true,\"scope\":\"all\",\"violations\":0");
  }

  @Test
  @Order(2)
  void fullCheckFindsDamageThatNoBuildLooksAt() {
    LakeTable facts = lake.table("gold.fact_sales");
    long sound = facts.version();
    LocalSession.shared()
        .sql(
            "UPDATE delta.`%s` SET shipping_cost = shipping_cost + 0.00001 WHERE row_id = 2"
                .formatted(facts.path()));
    Map<String, Long> versions = lake.versions();

    assertThat(command(new GoldJob())).as("nothing new to build").isEqualTo(ExitCode.DONE);
    assertThat(command(new CheckJob())).as("the last build").isEqualTo(ExitCode.DONE);
    assertThat(command(new CheckJob(), "--full", "--format", "csv"))
        .isEqualTo(ExitCode.GATE_BREACHED);

    List<String> lines = out.lines().toList();
    int checks = lake.open("check").configuration().stars().byName("sales").checks().size();
    assertThat(lines).hasSize(1 + checks);
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.contains(",all,"));
    assertThat(lines)
        .filteredOn(line -> line.contains(",false,"))
        .containsExactly(
            "sales,fact_sales_shipping_cost_sum_agrees,agree,silver.sales_orders,error,false,all,1,"
                + "\"[{\"\"left\"\":\"\"3.00000\"\",\"\"right\"\":\"\"3.00001\"\"}]\"");
    assertThat(err)
        .contains("note: gold.fact_sales has been written since the last build ended")
        .doesNotContain("gold.dim_");
    assertThat(lake.versions()).as("nothing is written").isEqualTo(versions);
    facts.delta().restoreToVersion(sound);
    assertThat(command(new CheckJob(), "--full")).isEqualTo(ExitCode.DONE);
    assertThat(out).contains("star sales: %1$d of %1$d checks passed\n".formatted(checks));
  }

  @Test
  @Order(2)
  void runAgainChangesNoVersion() {
    Map<String, Long> versions = lake.versions();
    assertThat(
            command(
                new RunJob(),
                "--source",
                dir.resolve("orders.csv").toString(),
                "--warehouse",
                "none",
                "--json"))
        .isEqualTo(ExitCode.DONE);
    assertThat(lake.versions()).isEqualTo(versions);
  }

  @Test
  @Order(3)
  void replayUnderACorrectedContractMovesRecordsOnce() throws IOException {
    Path conf = dir.resolve("conf");
    FileUtils.copyDirectory(TestLake.REPOSITORY.resolve("conf").toFile(), conf.toFile());
    for (String file : List.of("contracts/sales_orders.odcs.yaml", "stars/sales.yaml")) {
      String text = Files.readString(conf.resolve(file));
      assertThat(text).contains("Corporate, Home Office");
      Files.writeString(
          conf.resolve(file),
          text.replace("Corporate, Home Office", "Corporate, Home Office, Wholesale"));
    }
    assertThat(command(new QuarantineJob(), "replay", "--config", conf.toString(), "--json"))
        .isEqualTo(ExitCode.DONE);
    assertThat(lake.query("SELECT count(*) FROM silver.quarantine")).containsExactly(List.of("0"));
    assertThat(lake.query("SELECT segment FROM silver.sales_orders WHERE order_id = 'A-2'"))
        .containsExactly(List.of("Wholesale"));
    assertThat(command(new CheckJob(), "--full")).as("by the star of before").isEqualTo(1);
    assertThat(err)
        .endsWith(
            """
            error: star sales cannot be checked as it stands: the star or its contract was edited since the last build
                fix: build it first: medallion gold --star sales
            """);
    command(new ReconcileJob(), "--config", conf.toString(), "--json");
    assertThat(out)
        .contains("\"landed\":3")
        .contains("\"accepted\":3")
        .contains("\"quarantined\":0")
        .contains("\"balances\":true");
    Map<String, Long> versions = lake.versions();
    command(new QuarantineJob(), "replay", "--config", conf.toString());
    assertThat(lake.versions()).isEqualTo(versions);
  }
}

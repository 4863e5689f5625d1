package io.medallion.jobs.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.lake.Lake;
import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A query reads tables of the lake, and does nothing else. */
class LakeCatalogTest {
  @TempDir static Path folder;
  private static Path secret;
  private static LakeCatalog catalog;
  private static Lake lake;

  @BeforeAll
  static void fillLake() throws IOException {
    SparkSession spark = LocalSession.shared();
    lake = new Lake(folder.resolve("lake").toString());
    catalog = new LakeCatalog(spark, lake);
    secret = Files.writeString(folder.resolve("secret.csv"), "the password\n");
    for (long[] range : new long[][] {{0, 2}, {2, 3}}) {
      spark
          .range(range[0], range[1])
          .withColumnRenamed("id", "n")
          .write()
          .format("delta")
          .mode("append")
          .option("delta.enableChangeDataFeed", "true")
          .save(lake.root() + "/silver/plan_item");
    }
    spark.range(1).write().format("delta").save(folder.resolve("elsewhere").toString());
  }

  private static List<String> rows(String sql) {
    return catalog.query(sql).collectAsList().stream().map(Row::toString).toList();
  }

  static Stream<String> writing() {
    return Stream.of(
        "WITH x AS (SELECT 1) DELETE FROM silver.plan_item",
        "WITH x AS (SELECT 7 AS n) INSERT INTO silver.plan_item SELECT n FROM x",
        "FROM silver.plan_item INSERT INTO silver.plan_item SELECT n",
        "WITH x AS (SELECT 1) UPDATE silver.plan_item SET n = 9",
        "DELETE FROM silver.plan_item",
        "INSERT INTO silver.plan_item VALUES (9)",
        "DROP TABLE silver.plan_item",
        "TRUNCATE TABLE silver.plan_item",
        "CREATE TABLE silver.other USING delta AS SELECT 1 AS n",
        "ALTER TABLE silver.plan_item SET TBLPROPERTIES ('a' = 'b')",
        "OPTIMIZE silver.plan_item",
        "VACUUM silver.plan_item",
        "RESTORE TABLE silver.plan_item TO VERSION AS OF 0",
        "MERGE INTO silver.plan_item t USING (SELECT 1 AS n) s ON t.n = s.n WHEN MATCHED THEN"
            + " DELETE",
        "SET spark.sql.runSQLOnFiles=true",
        "CACHE TABLE silver.plan_item",
        "ADD JAR '/tmp/x.jar'",
        "EXPLAIN DELETE FROM silver.plan_item",
        "SELECT java_method('java.lang.System', 'setProperty', 'a', 'b')",
        "SELECT n FROM silver.plan_item WHERE n IN (SELECT reflect('java.lang.Math', 'random'))");
  }

  @ParameterizedTest
  @MethodSource("writing")
  void refusesWhatIsNoQuery(String sql) {
    assertThatThrownBy(() -> catalog.query(sql))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("QUERY: ");
    assertThat(rows("SELECT count(*), max(n) FROM silver.plan_item")).containsExactly("[3,2]");
    assertThat(rows("DESCRIBE HISTORY silver.plan_item")).hasSize(2);
  }

  @Test
  void refusesToDirectories() {
    Path target = folder.resolve("out");
    assertThatThrownBy(
            () -> catalog.query("INSERT OVERWRITE DIRECTORY '" + target + "' USING csv SELECT 1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("QUERY: it is not a query: ");
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM csv.`%1$s/secret.csv`",
        "SELECT * FROM text.`%1$s/secret.csv`",
        "SELECT * FROM delta.`%1$s/elsewhere`",
        "SELECT * FROM silver.plan_item WHERE n IN (SELECT id FROM delta.`%1$s/elsewhere`)",
        "DESCRIBE DETAIL delta.`%1$s/elsewhere`",
        "DESCRIBE HISTORY delta.`%1$s/elsewhere`"
      })
  void refusesToReadOtherFiles(String sql) {
    assertThatThrownBy(() -> catalog.query(sql.formatted(folder)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("QUERY: ");
  }

  @Test
  void readsOtherFilesWhereTheUserSaysSo() {
    assertThat(catalog.queryWithFiles("SELECT * FROM text.`" + secret + "`").first().getString(0))
        .isEqualTo("the password");
    assertThatThrownBy(() -> catalog.queryWithFiles("DELETE FROM delta.`" + folder + "/elsewhere`"))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void runsQueriesOfAllKinds() {
    assertThat(rows("SELECT sum(n) FROM silver.plan_item")).containsExactly("[3]");
    assertThat(rows("WITH x AS (SELECT n FROM silver.plan_item) SELECT max(n) FROM x"))
        .containsExactly("[2]");
    assertThat(rows("FROM silver.plan_item SELECT n WHERE n = 1")).containsExactly("[1]");
    assertThat(rows("VALUES (1), (2)")).containsExactly("[1]", "[2]");
    assertThat(rows("SELECT n, row_number() OVER (ORDER BY n DESC) FROM silver.plan_item LIMIT 1"))
        .containsExactly("[2,1]");
    assertThat(
            rows(
                "SELECT a.n FROM silver.plan_item a LEFT JOIN silver.plan_item b ON a.n = b.n + 1"
                    + " WHERE b.n IS NULL UNION SELECT explode(array(0)) ORDER BY 1"))
        .containsExactly("[0]");
    assertThat(rows("SELECT count(*) FROM silver.plan_item VERSION AS OF 0"))
        .containsExactly("[2]");
    assertThat(rows("SELECT * FROM (SELECT n FROM silver.plan_item) PIVOT (count(n) FOR n IN (1))"))
        .containsExactly("[1]");
    assertThat(rows("SELECT count(*) FROM table_changes('silver.plan_item', 0)"))
        .containsExactly("[3]");
    assertThat(rows("SHOW TABLES IN silver")).contains("[silver,plan_item,false]");
    assertThat(rows("DESCRIBE silver.plan_item")).contains("[n,bigint,null]");
    assertThat(rows("DESCRIBE DETAIL silver.plan_item")).hasSize(1);
    assertThat(rows("EXPLAIN SELECT n FROM silver.plan_item")).hasSize(1);
    assertThat(rows("SHOW COLUMNS IN silver.plan_item")).containsExactly("[n]");
  }
}

package io.medallion.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * What a load is held against: every table of a star as it is, into tables that were not there. It
 * keeps no books, counts nothing and has no transaction.
 *
 * <p>Arguments: the lake, {@code duckdb} and a file, or {@code snowflake} and the host of a
 * stand-in; then the tables. Prints seconds and rows.
 */
public final class BareLoadJob {
  private BareLoadJob() {}

  public static void main(String[] arguments) throws SQLException {
    SparkSession spark = SparkSession.builder().appName("bare").getOrCreate();
    List<String> tables = List.of(arguments).subList(3, arguments.length);
    long start = System.nanoTime();
    long rows = 0;
    for (String table : tables) {
      Dataset<Row> read = spark.read().format("delta").load(arguments[0] + "/gold/" + table);
      rows +=
          arguments[1].equals("duckdb")
              ? duckDb(read, table, Path.of(arguments[2]))
              : snowflake(read, table, arguments[2]);
    }
    System.out.printf(Locale.ROOT, "%.1f s, %d rows%n", (System.nanoTime() - start) / 1e9, rows);
    spark.stop();
  }

  private static long duckDb(Dataset<Row> read, String table, Path file) throws SQLException {
    Path parquet = file.resolveSibling(table + ".parquet");
    read.write().mode(SaveMode.Overwrite).parquet(parquet.toString());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(
          "CREATE TABLE " + table + " AS SELECT * FROM read_parquet('" + parquet + "/*.parquet')");
    }
  }

  private static long snowflake(Dataset<Row> read, String table, String host) {
    Map<String, String> options =
        Map.of(
            "sfurl", host,
            "sfssl", "off",
            "sfuser", "bench",
            "sfauthenticator", "oauth",
            "sftoken", System.getenv("SNOWFLAKE_TOKEN"),
            "sfdatabase", "BENCH",
            "sfschema", "PUBLIC",
            "dbtable", "BARE_" + table);
    read.write().format("snowflake").options(options).mode(SaveMode.Overwrite).save();
    return read.count();
  }
}

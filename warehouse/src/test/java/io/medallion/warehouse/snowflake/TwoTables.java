package io.medallion.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.LocalSession;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import io.medallion.warehouse.GoldVersion;
import io.medallion.warehouse.LoadRows;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.layout.ForeignKey;
import io.medallion.warehouse.layout.TargetColumn;
import io.medallion.warehouse.layout.TargetTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Properties;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A dimension and a fact of a few rows, without a lake behind them. */
abstract class TwoTables {
  static final TargetTable DIM =
      new TargetTable(
          "dim",
          "",
          List.of(column("key", false), column("generation", false)),
          List.of("key"),
          List.of(),
          List.of());
  static final TargetTable FACT =
      new TargetTable(
          "fact",
          "",
          List.of(
              column("id", false),
              column("dim_key", false),
              new TargetColumn("amount", DataTypes.createDecimalType(18, 5), true, "")),
          List.of("id"),
          List.of(new ForeignKey("dim_key", "dim", "key")),
          List.of());

  @TempDir Path dir;
  final SparkSession spark = LocalSession.shared();
  SnowflakeStandIn server;

  static TargetColumn column(String name, boolean nullable) {
    return new TargetColumn(name, DataTypes.LongType, nullable, "");
  }

  @BeforeEach
  void start() {
    server = SnowflakeStandIn.start("SALES", "STAR").withPassword("ann", "open sesame");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  SnowflakeSettings settings() {
    try {
      Path file = dir.resolve("snowflake.yaml");
      Files.writeString(
          file,
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
      return SnowflakeSettings.read(file, Map.of("PASS", "open sesame")::get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StarLoad load(long number, TableLoad... tables) {
    return new StarLoad(
        "tiny", number, List.of(tables), List.of(), "run", Instant.parse("2024-05-01T00:00:00Z"));
  }

  StarLoad first() {
    return load(
        0,
        replacement(DIM, Optional.empty(), 0, List.of(RowFactory.create(1L, 0L))),
        replacement(
            FACT,
            Optional.empty(),
            0,
            List.of(RowFactory.create(0L, 1L, new BigDecimal("0.00001")))));
  }

  /**
   * The dimension's row changes, and the fact gets another: {@code version} + 1 rows in all. Spark
   * computes the dimension's, the fact's are in memory.
   */
  StarLoad increment(int version) {
    return load(
        version,
        new TableLoad.Increment(
            DIM,
            Optional.of(at("dim", version - 1)),
            at("dim", version),
            new LoadRows.Planned(
                rows(DIM, true, List.of(RowFactory.create("update", 1L, (long) version)))),
            0,
            1,
            0,
            1),
        new TableLoad.Increment(
            FACT,
            Optional.of(at("fact", version - 1)),
            at("fact", version),
            collected(
                FACT, List.of(RowFactory.create("insert", (long) version, 1L, amount(version)))),
            1,
            0,
            0,
            version + 1));
  }

  static BigDecimal amount(int version) {
    return new BigDecimal("0.00001").add(BigDecimal.valueOf(version));
  }

  TableLoad replacement(TargetTable table, Optional<GoldVersion> from, int to, List<Row> rows) {
    return new TableLoad.Replacement(
        table, from, at(table.name(), to), rows(table, false, rows), rows.size());
  }

  static StructType schema(TargetTable table, boolean changes) {
    StructType schema =
        changes ? new StructType().add(TableLoad.OPERATION, "string") : new StructType();
    for (TargetColumn column : table.columns()) {
      schema = schema.add(column.name(), column.type(), true);
    }
    return schema;
  }

  Dataset<Row> rows(TargetTable table, boolean changes, List<Row> rows) {
    return spark.createDataFrame(rows, schema(table, changes));
  }

  /** Changes of a table as rows in memory. */
  static LoadRows.Collected collected(TargetTable table, List<Row> rows) {
    StructType schema = schema(table, true);
    var convert = CatalystTypeConverters.createToCatalystConverter(schema);
    return new LoadRows.Collected(
        schema, rows.stream().map(row -> (InternalRow) convert.apply(row)).toList());
  }

  static GoldVersion at(String table, long version) {
    return new GoldVersion("id-" + table, version);
  }

  /** The version of both tables by the control table. */
  int version() {
    List<List<String>> versions = query("SELECT DISTINCT version FROM medallion_tables");
    assertThat(versions).hasSize(1);
    return Integer.parseInt(versions.get(0).get(0));
  }

  void holds(int version) {
    assertThat(query("SELECT generation FROM dim"))
        .containsExactly(List.of(Integer.toString(version)));
    assertThat(query("SELECT count(*), count(DISTINCT id), sum(amount) FROM fact"))
        .containsExactly(
            List.of(
                Integer.toString(version + 1),
                Integer.toString(version + 1),
                sum(version).toPlainString()));
  }

  private static BigDecimal sum(int version) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int v = 0; v <= version; v++) {
      sum = sum.add(amount(v));
    }
    return sum;
  }

  List<List<String>> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "ann");
    properties.put("password", "open sesame");
    properties.put("ssl", "off");
    return DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
  }
}

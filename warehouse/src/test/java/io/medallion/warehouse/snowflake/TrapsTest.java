package io.medallion.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.ledger.ConservationException;
import io.medallion.testkit.snowflake.Faults;
import io.medallion.warehouse.LoadRows;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.layout.TargetColumn;
import io.medallion.warehouse.layout.TargetTable;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What connector and driver do behind one's back, and that it does no harm here. */
@Tag("slow")
class TrapsTest extends TwoTables {
  private static final TargetTable VALUES =
      new TargetTable(
          "val",
          "It's \"all\" of them; \\ too",
          List.of(
              column("id", false),
              new TargetColumn("label", DataTypes.StringType, true, "a; 'b'"),
              new TargetColumn("wide", DataTypes.createDecimalType(38, 18), true, ""),
              new TargetColumn("day", DataTypes.DateType, true, ""),
              new TargetColumn("stamp", DataTypes.TimestampType, true, ""),
              new TargetColumn("yes", DataTypes.BooleanType, true, ""),
              new TargetColumn("_small", DataTypes.IntegerType, true, "")),
          List.of("id"),
          List.of(),
          List.of());

  private SnowflakeWarehouse warehouse() {
    return new SnowflakeWarehouse(settings(), new Retry(3, Duration.ofMillis(5)));
  }

  @Test
  void theTimeZoneOfTheJvmMovesNothing() {
    TimeZone before = TimeZone.getDefault();
    String day = "CAST(day AS VARCHAR)";
    String stamp = "CAST(stamp AS VARCHAR)";
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      warehouse()
          .apply(
              load(
                  0,
                  replacement(
                      VALUES,
                      Optional.empty(),
                      0,
                      List.of(
                          RowFactory.create(
                              1L,
                              "",
                              new BigDecimal("-12345678901234567890.123456789012345678"),
                              java.sql.Date.valueOf(LocalDate.of(1901, 2, 28)),
                              Timestamp.from(Instant.parse("2024-03-10T02:30:00.123457Z")),
                              true,
                              Integer.MIN_VALUE),
                          RowFactory.create(2L, null, null, null, null, null, null)))));
    } finally {
      TimeZone.setDefault(before);
    }

    assertThat(
            query(
                "SELECT label, wide, "
                    + day
                    + ", "
                    + stamp
                    + ", yes, _small FROM val WHERE id = 1"))
        .containsExactly(
            List.of(
                "",
                "-12345678901234567890.123456789012345678",
                "1901-02-28",
                "2024-03-10 02:30:00.123457",
                "TRUE",
                "-2147483648"));
    assertThat(
            query(
                "SELECT count(*) FROM val WHERE label IS NULL AND wide IS NULL AND day IS NULL"
                    + " AND stamp IS NULL AND yes IS NULL AND _small IS NULL"))
        .containsExactly(List.of("1"));
    assertThat(query("SELECT id FROM val WHERE stamp = '2024-03-10 02:30:00.123457'"))
        .as("the microseconds are there")
        .containsExactly(List.of("1"));
    assertThat(query("SELECT id FROM val WHERE stamp = '2024-03-10 02:30:00.123457'::TIMESTAMP(3)"))
        .as("as the connector would push the filter down, so that it finds nothing")
        .isEmpty();
  }

  @Test
  void rowsInMemoryArriveAsRowsOfPlansDo() {
    StructType schema = schema(VALUES, true);
    List<Row> extremes =
        List.of(
            RowFactory.create(
                "insert",
                2L,
                "a \"q\" | 'x'\t\\ \\n two\nlines,\r\n😀",
                new BigDecimal("-12345678901234567890.123456789012345678"),
                LocalDate.of(9999, 12, 31),
                Instant.parse("9999-12-31T23:59:59.999999Z"),
                true,
                Integer.MIN_VALUE),
            RowFactory.create(
                "insert",
                3L,
                "",
                new BigDecimal("0.000000000000000001"),
                LocalDate.of(214, 3, 1),
                Instant.parse("1582-10-10T02:30:00.000001Z"),
                false,
                0),
            RowFactory.create("insert", 4L, null, null, null, null, null, null));
    SparkSession session = spark.cloneSession();
    session.conf().set("spark.sql.datetime.java8API.enabled", "true");
    SnowflakeWarehouse warehouse = warehouse();
    TimeZone before = TimeZone.getDefault();
    List<List<List<String>>> held = new ArrayList<>();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      for (LoadRows rows :
          List.of(
              new LoadRows.Planned(session.createDataFrame(extremes, schema)),
              collected(VALUES, extremes))) {
        long last = held.size();
        warehouse.apply(
            load(
                2 * last,
                replacement(
                    VALUES,
                    last == 0 ? Optional.empty() : Optional.of(at("val", 2 * last - 1)),
                    (int) (2 * last),
                    List.of(RowFactory.create(1L, null, null, null, null, null, null)))));
        warehouse.apply(
            load(
                2 * last + 1,
                new TableLoad.Increment(
                    VALUES,
                    Optional.of(at("val", 2 * last)),
                    at("val", 2 * last + 1),
                    rows,
                    3,
                    0,
                    0,
                    4)));
        held.add(
            query(
                "SELECT id, label, wide, CAST(day AS VARCHAR), CAST(stamp AS VARCHAR), yes, _small"
                    + " FROM val ORDER BY id"));
      }
    } finally {
      TimeZone.setDefault(before);
    }

    assertThat(held.get(1)).hasSize(4).isEqualTo(held.get(0));
    assertThat(held.get(1).get(1))
        .containsExactly(
            "2",
            "a \"q\" | 'x'\t\\ \\n two\nlines,\r\n😀",
            "-12345678901234567890.123456789012345678",
            "9999-12-31",
            "9999-12-31 23:59:59.999999",
            "TRUE",
            "-2147483648");
    assertThat(held.get(1).get(2))
        .containsExactly(
            "3",
            "",
            "0.000000000000000001",
            "0214-03-01",
            "1582-10-10 02:30:00.000001",
            "FALSE",
            "0");
  }

  @Test
  void columnsAreMatchedByNameWhateverTheirOrder() {
    SnowflakeWarehouse warehouse = warehouse();
    TargetTable narrow = table(column("id", false), column("b", true));
    warehouse.apply(
        load(0, replacement(narrow, Optional.empty(), 0, List.of(RowFactory.create(1L, 20L)))));
    TargetTable wide = table(column("id", false), column("a", true), column("b", true));

    warehouse.apply(
        load(
            1,
            replacement(
                wide,
                Optional.of(at("ordered", 0)),
                1,
                List.of(RowFactory.create(1L, 10L, 20L), RowFactory.create(2L, 11L, null)))));

    assertThat(query("SELECT * FROM ordered ORDER BY id").get(0)).containsExactly("1", "20", "10");
    assertThat(query("SELECT id, a FROM ordered WHERE b IS NULL"))
        .containsExactly(List.of("2", "11"));
  }

  private static TargetTable table(TargetColumn... columns) {
    return new TargetTable("ordered", "", List.of(columns), List.of("id"), List.of(), List.of());
  }

  @Test
  void aRowThatCopyLosesInSilenceStopsTheLoad() {
    SnowflakeWarehouse warehouse = warehouse();
    warehouse.apply(first());
    warehouse.apply(increment(1));
    server.faults().at("^\\s*copy into", 2, Faults.Kind.LOSE_ROW);

    assertThatThrownBy(() -> warehouse.apply(increment(2)))
        .isInstanceOf(ConservationException.class)
        .hasMessageContaining(
            "Of fact 0 changes arrived where it should be 1. Nothing was loaded.");

    holds(1);
    warehouse.apply(increment(2));
    holds(2);
  }

  @Test
  void nothingOfTheConnectorsIsLeft() {
    SnowflakeWarehouse warehouse = warehouse();
    warehouse.apply(first());
    warehouse.apply(increment(1));

    assertThat(server.stagedFiles()).as("files in stages").isZero();
    assertThat(server.sessions()).as("sessions in the connector's cache").isZero();
    assertThat(query("SELECT table_name FROM information_schema.tables ORDER BY 1"))
        .containsExactly(
            List.of("DIM"),
            List.of("FACT"),
            List.of("MEDALLION_LOADS"),
            List.of("MEDALLION_TABLES"),
            List.of("MEDALLION_VIEWS"));
  }

  @Test
  void whatIsNotTransientIsToldWithTheIdOfItsQuery() {
    SnowflakeWarehouse warehouse = warehouse();
    warehouse.apply(first());
    execute("ALTER TABLE fact RENAME TO elsewhere");
    int before = server.faults().statements().size();

    assertThatThrownBy(() -> warehouse.apply(increment(1)))
        .isInstanceOf(LakeException.class)
        .hasMessageMatching(
            "(?s)Snowflake refused \\(query [0-9a-f-]{36}\\), code 2003: .*'FACT' does not exist or not"
                + " authorized.*");

    assertThat(
            server.faults().statements().stream()
                .skip(before)
                .filter(sql -> sql.startsWith("UPDATE medallion_tables")))
        .as("not tried again")
        .hasSize(2);
  }

  @Test
  void aNumberThatDoesNotFitIsRefusedAndNotRounded() {
    execute("CREATE TABLE narrow (n NUMBER(5,2))");

    assertThatThrownBy(() -> execute("INSERT INTO narrow VALUES (12345.67)"))
        .hasMessageContaining("Numeric value out of range");
    assertThat(SnowflakeSql.DIALECT.type(DataTypes.createDecimalType(38, 18)))
        .isEqualTo("NUMBER(38,18)");
  }
}

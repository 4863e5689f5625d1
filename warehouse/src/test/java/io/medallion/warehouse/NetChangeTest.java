package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.rows.ExternalRows;
import io.medallion.core.rows.RowImage;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.Rounds;
import io.medallion.warehouse.layout.TargetColumn;
import io.medallion.warehouse.layout.TargetTable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Spark's plan and the fold in memory give the same net changes of any history of a table. */
class NetChangeTest {
  private static final TargetTable TABLE =
      new TargetTable(
          "t",
          "",
          List.of(
              new TargetColumn("amount", DataTypes.createDecimalType(18, 5), true, ""),
              new TargetColumn("k", DataTypes.StringType, false, ""),
              new TargetColumn("day", DataTypes.DateType, true, ""),
              new TargetColumn("n", DataTypes.IntegerType, false, ""),
              new TargetColumn("stamp", DataTypes.TimestampType, true, ""),
              new TargetColumn("yes", DataTypes.BooleanType, true, "")),
          List.of("k", "n"),
          List.of(),
          List.of());
  private static final StructType FEED =
      TABLE.layout().add(NetChange.CHANGE_TYPE, "string").add(NetChange.VERSION, "long");

  private final SparkSession spark = LocalSession.shared().cloneSession();
  private final Random random = Rounds.random(NetChangeTest.class);

  NetChangeTest() {
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
  }

  @Test
  void bothWaysGiveTheSameRowsAndCounts() {
    for (int round = 0; round < Rounds.of(4); round++) {
      List<Row> feed = history();
      Collections.shuffle(feed, random);

      NetChange folded = ImageFold.of(TABLE, images(feed));

      try (NetChange planned = NetChange.of(TABLE, spark.createDataFrame(feed, FEED))) {
        assertThat(List.of(folded.inserted(), folded.updated(), folded.deleted()))
            .isEqualTo(List.of(planned.inserted(), planned.updated(), planned.deleted()));
        assertThat(texts(((LoadRows.Collected) folded.rows())))
            .containsExactlyInAnyOrderElementsOf(
                ((LoadRows.Planned) planned.rows())
                    .rows().collectAsList().stream().map(Row::toString).toList());
      }
    }
  }

  @Test
  void aRowThatCameAndWentOrIsAsItWasIsNoChange() {
    Row one = row("a", new BigDecimal("1.00000"));
    Row other = row("a", new BigDecimal("2.00000"));
    List<Row> feed =
        List.of(
            change(one, "delete", 3),
            change(other, "insert", 3),
            change(other, "update_preimage", 4),
            change(one, "update_postimage", 4),
            change(row("b", null), "insert", 3),
            change(row("b", null), "delete", 5));

    NetChange folded = ImageFold.of(TABLE, images(feed));

    assertThat(folded.count()).isZero();
    assertThat(((LoadRows.Collected) folded.rows()).rows()).isEmpty();
  }

  /** Versions of a table of a few keys, as a change feed tells them. */
  private List<Row> history() {
    Map<String, Row> held = new HashMap<>();
    for (int i = 0; i < 6; i++) {
      Row row = drawn();
      held.put(key(row), row);
    }
    List<Row> feed = new ArrayList<>();
    for (long version = 1; version <= 1 + random.nextInt(5); version++) {
      Map<String, Row> next = new HashMap<>(held);
      for (int i = 0; i < 5; i++) {
        Row row = drawn();
        if (random.nextInt(3) == 0) {
          next.remove(key(row));
        } else {
          next.put(key(row), row);
        }
      }
      boolean rebuilt = random.nextInt(4) == 0;
      for (Map.Entry<String, Row> before : held.entrySet()) {
        Row after = next.get(before.getKey());
        if (rebuilt || after == null) {
          feed.add(change(before.getValue(), "delete", version));
        } else if (!after.equals(before.getValue())) {
          feed.add(change(before.getValue(), "update_preimage", version));
          feed.add(change(after, "update_postimage", version));
        }
      }
      for (Map.Entry<String, Row> after : next.entrySet()) {
        if (rebuilt || !held.containsKey(after.getKey())) {
          feed.add(change(after.getValue(), "insert", version));
        }
      }
      held = next;
    }
    return feed;
  }

  private static String key(Row row) {
    return row.getString(1) + "/" + row.getInt(3);
  }

  private Row drawn() {
    return RowFactory.create(
        one(null, new BigDecimal("0.00000"), new BigDecimal("-1.50000")),
        one("", "a", "\u0000", "😀"),
        one(null, LocalDate.of(1, 1, 1), LocalDate.of(1582, 10, 10), LocalDate.of(9999, 12, 31)),
        random.nextInt(2),
        one(null, Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("2024-03-10T02:30:00.1Z")),
        one(null, true, false));
  }

  private Object one(Object... values) {
    return values[random.nextInt(values.length)];
  }

  private static Row row(String key, BigDecimal amount) {
    return RowFactory.create(amount, key, null, 1, null, true);
  }

  private static Row change(Row row, String type, long version) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      values.add(row.get(i));
    }
    values.add(type);
    values.add(version);
    return RowFactory.create(values.toArray());
  }

  private static List<RowImage> images(List<Row> feed) {
    var convert = CatalystTypeConverters.createToCatalystConverter(FEED);
    int columns = TABLE.columns().size();
    return feed.stream()
        .map(
            row ->
                new RowImage(
                    (InternalRow) convert.apply(row),
                    NetChange.CAME.contains(row.getString(columns)) ? 1 : -1,
                    row.getLong(columns + 1)))
        .toList();
  }

  private static List<String> texts(LoadRows.Collected rows) {
    return rows.rows().stream().map(row -> ExternalRows.of(row, rows.schema()).toString()).toList();
  }
}

package io.medallion.core.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableVersionTest {
  private static final StructType SCHEMA =
      new StructType().add("id", DataTypes.LongType).add("day", DataTypes.DateType);

  @TempDir static Path dir;
  private final SparkSession spark = LocalSession.shared().cloneSession();

  TableVersionTest() {
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
  }

  private LakeTable table(String name) {
    LakeTable table = new Lake(dir.toString()).table(spark, Lake.Layer.GOLD, name);
    table.createIfAbsent(
        SCHEMA,
        Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true"));
    return table;
  }

  private void append(LakeTable table, long from, long until) {
    spark
        .range(from, until, 1, 1)
        .withColumn("day", lit(LocalDate.of(1582, 10, 10)))
        .write()
        .format("delta")
        .mode("append")
        .save(table.path());
  }

  @Test
  void rowsAndTheirNumberAreThoseOfTheVersion() {
    LakeTable table = table("counted");
    append(table, 0, 10);
    table.delta().delete(col("id").lt(3));
    append(table, 20, 25);

    assertThat(table.at(4)).isEmpty();
    assertThat(table.at(-1)).isEmpty();
    long[] counts = {0, 10, 7, 12};
    for (int version = 0; version < counts.length; version++) {
      TableVersion at = table.at(version).orElseThrow();
      assertThat(at.rowCount()).as(at.toString()).isEqualTo(OptionalLong.of(counts[version]));
      assertThat(at.rows().count()).as(at.toString()).isEqualTo(counts[version]);
    }
  }

  @Test
  void aFileWithoutStatisticsLeavesTheNumberOpen() {
    LakeTable table = table("unknown");
    spark.conf().set("spark.databricks.delta.stats.collect", "false");
    append(table, 0, 10);

    assertThat(table.at(1).orElseThrow().rowCount()).isEmpty();
    assertThat(table.at(1).orElseThrow().commitsAfter(0).feedRows()).isPositive();
  }

  @Test
  void commitsTellWhetherRowsChangedAndAboutHowMany() {
    LakeTable table = table("changed");
    append(table, 0, 10);
    append(table, 10, 15);
    table.delta().optimize().executeCompaction();
    table.delta().delete(col("id").equalTo(4));

    assertThat(table.at(2).orElseThrow().commitsAfter(0)).isEqualTo(new CommitSpan(true, true, 15));
    assertThat(table.at(2).orElseThrow().commitsAfter(2)).isEqualTo(new CommitSpan(true, false, 0));
    assertThat(table.at(3).orElseThrow().commitsAfter(2))
        .as("what only puts files together")
        .isEqualTo(new CommitSpan(true, false, 0));
    assertThat(table.at(4).orElseThrow().commitsAfter(3))
        .satisfies(
            span -> {
              assertThat(span.changesRows()).isTrue();
              assertThat(span.feedRows()).isBetween(1L, 100L);
            });
  }

  @Test
  void changesAreReadWithEveryDayThatThereIs() {
    LakeTable table = table("feed");
    append(table, 0, 1);
    append(table, 1, 2);
    table.delta().delete(col("id").equalTo(0));
    append(table, 7, 8);

    List<Row> changes =
        table
            .at(3)
            .orElseThrow()
            .changesAfter(1)
            .select("id", "day", "_change_type", "_commit_version")
            .orderBy("_commit_version")
            .collectAsList();

    LocalDate day = LocalDate.of(1582, 10, 10);
    assertThat(changes)
        .containsExactly(
            RowFactory.create(1L, day, "insert", 2L), RowFactory.create(0L, day, "delete", 3L));
  }
}

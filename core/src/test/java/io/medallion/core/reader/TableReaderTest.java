package io.medallion.core.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.PositionDelta;
import io.medallion.core.lake.RowChange;
import io.medallion.core.lake.RowPosition;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.RowTexts;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArray;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArrayFormat$;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** What is read without Spark is what Spark reads. */
class TableReaderTest {
  private static final String WITH_VECTORS =
      "'delta.enableDeletionVectors'='true', 'delta.checkpointInterval'='3'";

  private final SparkSession spark = LocalSession.shared();
  @TempDir Path root;
  private Lake lake;
  private LakeTable written;

  @BeforeEach
  void nameTheTable() {
    lake = new Lake(root.toString());
    written = lake.table(spark, Lake.Layer.SILVER, "orders");
  }

  private TableReader table() {
    return new LakeReader(lake, new Configuration()).table(Lake.Layer.SILVER, "orders");
  }

  @Test
  void aTableThatIsNotThereIsAbsent() {
    assertThat(table().latest()).isEmpty();
    assertThat(
            new LakeReader(new Lake(root.toString()), new Configuration()).names(Lake.Layer.GOLD))
        .isEmpty();
  }

  @Test
  void everyTypeIsReadAsSparkReadsIt() {
    spark
        .sql(
            "SELECT id, CAST(id AS INT) i, CAST(id AS SHORT) s, CAST(id AS BYTE) b,"
                + " CAST(id AS DOUBLE) / 7 d, CAST(id AS FLOAT) / 3 f, id % 2 = 0 even,"
                + " CAST(id * 1.00001 AS DECIMAL(18,5)) amount, CAST(id AS DECIMAL(30,2)) big,"
                + " concat('ö', id) text, encode(concat('ö', id), 'UTF-8') raw,"
                + " date_add(DATE'0214-01-05', CAST(id AS INT) * 90000) day,"
                + " timestamp_micros(id * 1234567) at, IF(id = 3, NULL, id) gap,"
                + " array(named_struct('rule', concat('r', id), 'n', id)) reasons,"
                + " map('v', id) versions, named_struct('topic', 't', 'partition', CAST(id AS INT)) offsets,"
                + " IF(id = 2, NULL, named_struct('x', id)) nothing, array('a', 'b') header"
                + " FROM range(8)")
        .write()
        .format("delta")
        .save(written.path());

    assertSameRows();
    LakeRow first =
        table()
            .latest()
            .orElseThrow()
            .collect(List.of("id", "reasons", "amount"), Bounds.where("id", 5L), this::copy)
            .get(0);
    assertThat(first.columns()).containsExactly("id", "reasons", "amount");
    assertThat(first.rows("reasons").get(0).text("rule")).isEqualTo("r5");
    assertThat(first.value("amount")).isEqualTo(new BigDecimal("5.00005"));
  }

  private LakeRow copy(LakeRow row) {
    Map<String, Object> values = new java.util.LinkedHashMap<>();
    row.columns().forEach(name -> values.put(name, row.value(name)));
    return new KernelRows.StructRow(values);
  }

  @Test
  void vectorsMergesCompactionAndCheckpointsChangeNothing() {
    create(WITH_VECTORS);
    append(0, 100);
    append(100, 200);
    spark.sql("DELETE FROM " + name() + " WHERE id % 10 = 3");
    assertSameRows();
    spark.sql("UPDATE " + name() + " SET text = 'changed' WHERE id % 10 = 4");
    merge(150, 250);
    assertSameRows();
    spark.sql("OPTIMIZE " + name());
    append(300, 310);
    spark.sql("DELETE FROM " + name() + " WHERE id = 305");
    assertSameRows();
    assertThat(checkpoints()).isNotEmpty();

    for (long version = 0; version <= written.version(); version += 3) {
      assertThat(texts(table().at(version).rows(Bounds.NONE)))
          .as("version " + version)
          .isEqualTo(RowTexts.of(written.read(version)));
    }
    assertThatThrownBy(() -> table().at(99))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("silver.orders has no version 99: ");
  }

  @Test
  void aReaderShowsATableAsItWasWhenItWasFirstAsked() {
    create(WITH_VECTORS);
    append(0, 10);
    LakeReader reader = new LakeReader(lake, new Configuration());
    assertThat(reader.table(Lake.Layer.SILVER, "orders").latest().orElseThrow().size().rows())
        .isEqualTo(10);
    assertThat(reader.again().showsTheSameAs(reader)).isTrue();
    append(10, 15);
    assertThat(reader.again().showsTheSameAs(reader)).isFalse();

    assertThat(reader.table(Lake.Layer.SILVER, "orders").latest().orElseThrow().size().rows())
        .isEqualTo(10);
    assertThat(
            reader.again().table(Lake.Layer.SILVER, "orders").latest().orElseThrow().size().rows())
        .isEqualTo(15);
  }

  @Test
  void aFolderWithALogThatHasNoCommitIsNoTable() throws Exception {
    Files.createDirectories(root.resolve("silver/orders/_delta_log"));
    assertThat(table().latest()).isEmpty();
    Files.writeString(
        root.resolve("silver/orders/_delta_log/.00000000000000000000.json.tmp"), "cut off");
    assertThat(table().latest()).isEmpty();
  }

  @Test
  void rowDeltasAreRead() {
    create(WITH_VECTORS + ", 'delta.enableChangeDataFeed'='true'");
    append(0, 100);
    String file =
        Path.of(table().latest().orElseThrow().files().get(0).path()).getFileName().toString();
    Row row = written.read().where("id = 7").select("id", "text", "half", "amount").head();

    new PositionDelta()
        .commit(
            written,
            List.of(new RowChange.Deleted(new RowPosition(file, 7), row)),
            Optional.empty());

    assertSameRows();
    assertThat(table().latest().orElseThrow().size().rows()).isEqualTo(99);
    assertThat(texts(table().changes(2, written.version())))
        .isEqualTo(RowTexts.of(written.changes(2, written.version()).drop("_commit_timestamp")));
  }

  /** Delta's format allows it, and other writers do it. */
  @Test
  void vectorsThatStandInTheLogAreRead() {
    create(WITH_VECTORS);
    append(0, 100);
    OptimisticTransaction transaction = DeltaLog.forTable(spark, written.path()).startTransaction();
    RoaringBitmapArray rows = new RoaringBitmapArray();
    rows.add(7);
    Tuple2<AddFile, RemoveFile> pair =
        transaction
            .snapshot()
            .allFiles()
            .collectAsList()
            .get(0)
            .removeRows(
                DeletionVectorDescriptor.inlineInLog(
                    rows.serializeAsByteArray(RoaringBitmapArrayFormat$.MODULE$.Portable()), 1),
                true,
                true);
    transaction.commit(
        JavaConverters.asScalaBuffer(List.<Action>of(pair._1(), pair._2())).toSeq(),
        DeltaOperations.ManualUpdate$.MODULE$);

    assertThat(logOf(written.version())).contains("\"storageType\":\"i\"");
    assertSameRows();
    assertThat(table().latest().orElseThrow().size().rows()).isEqualTo(99);
  }

  private String logOf(long version) {
    try {
      return Files.readString(
          root.resolve("silver/orders/_delta_log/%020d.json".formatted(version)));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void boundsGiveTheRowsThatSparkGives() {
    create(WITH_VECTORS);
    for (int part = 0; part < 4; part++) {
      append(part * 50, part * 50 + 50);
    }
    spark.sql("DELETE FROM " + name() + " WHERE id BETWEEN 60 AND 70");
    TableSnapshot latest = table().latest().orElseThrow();

    assertThat(texts(latest.rows(List.of("id"), Bounds.where("text", "t57"))))
        .containsExactly("id=Long 57");
    assertThat(texts(latest.rows(Bounds.NONE.andAtLeast("id", 55).andAtMost("id", 120))))
        .isEqualTo(RowTexts.of(written.read().where("id BETWEEN 55 AND 120")));
    List<String> some = Stream.iterate(40, i -> i + 1).limit(60).map(i -> "t" + i).toList();
    assertThat(texts(latest.rows(Bounds.NONE.andOneOf("text", some))))
        .isEqualTo(RowTexts.of(written.read().where("id BETWEEN 40 AND 99")));
    assertThat(texts(latest.rows(Bounds.where("amount", new BigDecimal("12.5")))))
        .isEqualTo(RowTexts.of(written.read().where("amount = 12.5")))
        .hasSize(1);
    assertThat(texts(latest.rows(Bounds.where("text", "nothing like it")))).isEmpty();
    assertThat(latest.countBy("half", Bounds.NONE)).isEqualTo(Map.of("a", 89L, "b", 100L));
  }

  @Test
  void theLogAloneTellsRowsFilesBytesAndTransactions() throws Exception {
    create(WITH_VECTORS);
    append(0, 100);
    spark.sql("DELETE FROM " + name() + " WHERE id < 30");
    written
        .read()
        .where("id < 40")
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", "app")
        .option("txnVersion", 7)
        .save(written.path());
    try (Stream<Path> files = Files.walk(root.resolve("silver/orders"), 1)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.move(file, root.resolve(file.getFileName()));
      }
    }

    TableSnapshot latest = table().latest().orElseThrow();
    assertThat(latest.size())
        .isEqualTo(new TableSnapshot.Size(80, written.size().files(), written.size().bytes()));
    assertThat(latest.lastTransaction("app")).hasValue(7);
    assertThat(latest.lastTransaction("another")).isEmpty();
    assertThat(latest.version()).isEqualTo(written.version());
    assertThat(latest.columns()).containsExactly("id", "text", "half", "amount");
    assertThat(latest.properties()).containsEntry("delta.checkpointInterval", "3");
  }

  @Test
  void filesWithoutStatisticsAreCounted() {
    create("'delta.dataSkippingNumIndexedCols'='0'");
    LocalSession.shared().conf().set("spark.databricks.delta.stats.collect", "false");
    try {
      append(0, 25);
    } finally {
      LocalSession.shared().conf().unset("spark.databricks.delta.stats.collect");
    }
    assertThat(table().latest().orElseThrow().size().rows()).isEqualTo(25);
  }

  @Test
  void changeImagesAreThoseOfDeltasChangeFeed() {
    create(WITH_VECTORS + ", 'delta.enableChangeDataFeed'='true'");
    append(0, 40);
    spark.sql("DELETE FROM " + name() + " WHERE id % 10 = 3");
    spark.sql("DELETE FROM " + name() + " WHERE id % 10 = 4");
    spark.sql("UPDATE " + name() + " SET text = 'changed' WHERE id % 10 = 5");
    merge(30, 50);
    spark.sql("OPTIMIZE " + name());
    spark.sql("RESTORE TABLE " + name() + " TO VERSION AS OF 2");
    spark.sql("DELETE FROM " + name() + " WHERE true");

    for (long from : List.of(1L, 4L)) {
      assertThat(texts(table().changes(from, written.version())))
          .as("from version " + from)
          .isEqualTo(
              RowTexts.of(written.changes(from, written.version()).drop("_commit_timestamp")));
    }
    assertThatThrownBy(() -> table().changes(1, 99))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("silver.orders has no version 99");
  }

  private void create(String properties) {
    spark.sql(
        "CREATE TABLE "
            + name()
            + " (id BIGINT, text STRING, half STRING, amount DECIMAL(18,5)) USING delta"
            + " TBLPROPERTIES ("
            + properties
            + ")");
  }

  private String name() {
    return "delta.`" + written.path() + "`";
  }

  private Dataset<Row> range(long from, long until) {
    return spark
        .range(from, until)
        .selectExpr(
            "id",
            "concat('t', id) text",
            "IF(id < 100, 'a', 'b') half",
            "CAST(id + 0.5 AS DECIMAL(18,5)) amount");
  }

  private void append(long from, long until) {
    range(from, until).coalesce(1).write().format("delta").mode("append").save(written.path());
  }

  private void merge(long from, long until) {
    written
        .delta()
        .as("held")
        .merge(range(from, until).as("new"), "held.id = new.id")
        .whenMatched()
        .updateAll()
        .whenNotMatched()
        .insertAll()
        .execute();
  }

  private void assertSameRows() {
    assertThat(texts(table().latest().orElseThrow().rows(Bounds.NONE)))
        .isNotEmpty()
        .isEqualTo(RowTexts.of(written.read()));
    assertThat(table().latest().orElseThrow().size().rows()).isEqualTo(written.read().count());
  }

  private List<Path> checkpoints() {
    try (Stream<Path> files = Files.list(root.resolve("silver/orders/_delta_log"))) {
      return files.filter(file -> file.toString().endsWith(".checkpoint.parquet")).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> texts(RowStream rows) {
    List<String> texts = new ArrayList<>();
    try (rows) {
      while (rows.hasNext()) {
        texts.add(text(rows.next()));
      }
    }
    texts.sort(null);
    return texts;
  }

  private static String text(LakeRow row) {
    return String.join(
        "|", row.columns().stream().map(name -> name + "=" + value(row.value(name))).toList());
  }

  private static String value(Object value) {
    if (value instanceof LakeRow row) {
      return "(" + text(row) + ")";
    } else if (value instanceof List<?> list) {
      return list.stream().map(TableReaderTest::value).toList().toString();
    }
    return RowTexts.of(value);
  }
}

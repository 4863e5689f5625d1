package io.medallion.core.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTableTest {
  private final SparkSession spark = LocalSession.shared();

  @TempDir Path root;
  private LakeTable table;

  @BeforeEach
  void name() {
    table = new Lake(root.toString()).table(spark, Lake.Layer.SILVER, "orders");
  }

  @AfterEach
  void interpretAgain() {
    LocalSession.interpretPlans();
  }

  @Test
  void holdsNothingWhereItDoesNotExist() {
    assertThat(table.exists()).isFalse();
    assertThat(table.size()).isEqualTo(new LakeTable.Size(0, 0));
    assertThat(table.lastTransaction("app")).isEmpty();
  }

  @Test
  void saysTheSameWithAndWithoutDeltasChecksum() throws IOException {
    append("app", 1);
    append("another", 7);
    append("app", 2);
    LakeTable.Size size = table.size();
    assertThat(size.files()).isEqualTo(3);
    assertThat(size.bytes()).isEqualTo(bytesOfData());
    assertThat(table.lastTransaction("app")).hasValue(2);
    assertThat(table.lastTransaction("another")).hasValue(7);
    assertThat(table.filesSmallerThan(1 << 20)).isEqualTo(3);
    assertThat(table.filesSmallerThan(10)).isZero();
    assertThat(
            DeltaLog.forTable(spark, table.path())
                .unsafeVolatileSnapshot()
                .checksumOpt()
                .isDefined())
        .as("Delta wrote a checksum")
        .isTrue();

    for (Path file : files(root.resolve("silver/orders/_delta_log"), ".crc")) {
      Files.delete(file);
    }
    DeltaLog.clearCache();

    assertThat(table.size()).isEqualTo(size);
    assertThat(table.lastTransaction("app")).hasValue(2);
    assertThat(table.lastTransaction("another")).hasValue(7);
    assertThat(table.lastTransaction("nobody")).isEmpty();
  }

  @Test
  void isCreatedWhereAProcessWasKilledBeforeItsFirstCommit() throws IOException {
    Path folder = Files.createDirectories(root.resolve("silver/orders"));
    Files.createDirectory(folder.resolve("_delta_log"));
    Files.writeString(folder.resolve("part-00000.snappy.parquet"), "cut of");
    StructType schema =
        new StructType()
            .add(new StructField("id", DataTypes.LongType, false, Metadata.empty()))
            .add("name", DataTypes.StringType, true, "of whom");

    table.createIfAbsent(schema, Map.of("delta.enableChangeDataFeed", "true"));
    table.createIfAbsent(new StructType().add("other", DataTypes.LongType), Map.of());

    assertThat(table.version()).isZero();
    assertThat(table.schema()).isEqualTo(schema);
    assertThat(table.properties()).containsEntry("delta.enableChangeDataFeed", "true");
    assertThat(table.read().collectAsList()).isEmpty();
    assertThat(table.delta().history().select("operation").first().getString(0))
        .isEqualTo("CREATE TABLE");
  }

  @Test
  void aLogIsReplayedBesideTheWorkThatNeedsIt() {
    append("app", 1);
    LakeTable absent = new Lake(root.toString()).table(spark, Lake.Layer.SILVER, "absent");

    ReplayedLogs.of(spark, table, absent).close();

    assertThat(replayed(table)).isTrue();
    assertThat(absent.exists()).isFalse();
  }

  @Test
  void aReplayThatFailsLeavesTheFailureToWhoNeedsTheTable() throws IOException {
    Path log = Files.createDirectories(root.resolve("silver/broken/_delta_log"));
    Files.writeString(log.resolve("00000000000000000000.json"), "no JSON");
    LakeTable broken = new Lake(root.toString()).table(spark, Lake.Layer.SILVER, "broken");
    append("app", 1);

    ReplayedLogs.of(spark, broken, table).close();

    assertThat(replayed(table)).isTrue();
    assertThatThrownBy(broken::exists).hasStackTraceContaining("no JSON");
  }

  @Test
  void theQuarantineIsReadRowByRowWhateverTheThreadsSession() {
    // Interpreted plans read everything row by row.
    LocalSession.compilePlans();
    LakeTable quarantine = new Lake(root.toString()).quarantine(spark);
    spark.range(3).write().format("delta").save(quarantine.path());
    SparkSession.setActiveSession(spark);

    for (Dataset<Row> rows : List.of(quarantine.read(), quarantine.read(0))) {
      assertThat(readsBatches(rows)).isFalse();
      assertThat(rows.collectAsList()).hasSize(3);
    }
    assertThat(readsBatches(spark.read().format("delta").load(quarantine.path()))).isTrue();
    assertThat(SparkSession.active()).isSameAs(spark);
  }

  /** Whether thousands of rows are in memory at once. */
  private static boolean readsBatches(Dataset<Row> rows) {
    return rows.queryExecution().sparkPlan().exists(plan -> plan.supportsColumnar());
  }

  private boolean replayed(LakeTable of) {
    return DeltaLog.forTable(spark, of.path()).unsafeVolatileSnapshot()._computedStateTriggered();
  }

  private void append(String application, long version) {
    spark
        .range(100)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", application)
        .option("txnVersion", version)
        .save(table.path());
  }

  private long bytesOfData() throws IOException {
    long bytes = 0;
    for (Path file : files(root.resolve("silver/orders"), ".parquet")) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (var all = Files.list(folder)) {
      return all.filter(
              file ->
                  file.getFileName().toString().endsWith(ending)
                      && !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }
}

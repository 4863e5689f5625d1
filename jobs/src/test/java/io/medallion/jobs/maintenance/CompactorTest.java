package io.medallion.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactorTest {
  private static final String AUTO_COMPACT = "spark.databricks.delta.autoCompact.";

  private final SparkSession spark = LocalSession.shared();

  @TempDir private Path root;
  private Lakehouse lakehouse;
  private LakeTable silver;
  private LakeTable quarantine;

  @BeforeEach
  void open() {
    lakehouse = new TestLake(root).open("compact");
    silver = lakehouse.lake().table(spark, Lake.Layer.SILVER, "sales_orders");
    quarantine = lakehouse.lake().quarantine(spark);
  }

  @AfterEach
  void forgetSettings() {
    List.of("enabled", "minNumFiles").forEach(key -> spark.conf().unset(AUTO_COMPACT + key));
  }

  @Test
  void aTableIsCompactedFromTwentySmallFilesOn() {
    append(silver, Compactor.SMALL_FILES - 1);
    compact();
    assertThat(silver.size().files()).isEqualTo(Compactor.SMALL_FILES - 1);

    append(silver, 1);
    compact();
    assertThat(silver.size().files()).isEqualTo(1);
    assertThat(silver.read().count()).isEqualTo(Compactor.SMALL_FILES);
    assertThat(silver.hasChangedSince(1)).as("rows changed").isFalse();
  }

  @Test
  void theQuarantineIsCompactedByTheSameRule() {
    append(quarantine, Compactor.SMALL_FILES - 1);
    compact();
    assertThat(quarantine.size().files()).isEqualTo(Compactor.SMALL_FILES - 1);

    append(quarantine, 1);
    compact();
    assertThat(quarantine.size().files()).isEqualTo(1);
  }

  @Test
  void aStreamCompactsWhatItsBatchWroteByTheSameRule() {
    Compactor compactor = new Compactor(lakehouse);
    append(silver, Compactor.SMALL_FILES - 1);
    compactor.compactSilver(contract());
    assertThat(silver.size().files()).isEqualTo(Compactor.SMALL_FILES - 1);

    append(silver, 1);
    append(quarantine, Compactor.SMALL_FILES);
    compactor.compactSilver(contract());
    assertThat(silver.size().files()).isEqualTo(1);
    assertThat(quarantine.size().files())
        .as("no batch waits for the quarantine")
        .isEqualTo(Compactor.SMALL_FILES);
  }

  @Test
  void theQuarantineIsCompactedBesideAStreamByTheSameRule() throws InterruptedException {
    append(quarantine, Compactor.SMALL_FILES - 1);
    compactBeside();
    assertThat(quarantine.size().files()).isEqualTo(Compactor.SMALL_FILES - 1);

    append(quarantine, 1);
    compactBeside();
    assertThat(quarantine.size().files()).isEqualTo(1);
  }

  @Test
  void settingsOfDeltaChangeTheRule() {
    append(silver, 3);
    spark.conf().set(AUTO_COMPACT + "minNumFiles", 3);
    spark.conf().set(AUTO_COMPACT + "enabled", false);
    compact();
    assertThat(silver.size().files()).isEqualTo(3);

    spark.conf().set(AUTO_COMPACT + "enabled", true);
    compact();
    assertThat(silver.size().files()).isEqualTo(1);
  }

  private void compact() {
    new Compactor(lakehouse).compactAfterRun(contract(), List.of());
  }

  private void compactBeside() throws InterruptedException {
    Thread thread = new Thread(new Compactor(lakehouse)::compactAppendedTablesOnce);
    thread.start();
    thread.join();
  }

  private Contract contract() {
    return lakehouse.configuration().contracts().byTable("sales_orders");
  }

  /** In one commit, a row in each file. */
  private static void append(LakeTable table, int files) {
    table
        .spark()
        .range(0, files, 1, files)
        .toDF()
        .write()
        .format("delta")
        .mode("append")
        .save(table.path());
  }
}

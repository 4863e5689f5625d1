package io.medallion.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.spark.KeptRows;
import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptRowsTest {
  private final SparkSession spark = LocalSession.shared();

  @Test
  void rowsStayWhatTheyWereWhenTheirTableIsCommittedTo(@TempDir Path root) {
    LakeTable table = new Lake(root.toString()).table(spark, Lake.Layer.SILVER, "numbers");
    spark.range(3).coalesce(1).write().format("delta").save(table.path());

    try (KeptRows kept = KeptRows.of(table.read())) {
      assertThat(kept.rows().count()).isEqualTo(3);
      table.delta().delete("id = 1");

      assertThat(kept.rows().as(Encoders.LONG()).collectAsList()).containsExactly(0L, 1L, 2L);
      assertThat(table.read().as(Encoders.LONG()).collectAsList()).containsExactly(0L, 2L);
    }
  }
}

package io.medallion.core.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;

class PositionDeltaTest extends RowDeltaTest {
  @Override
  RowDelta way() {
    return new PositionDelta();
  }

  @Test
  void runsNoSparkJob() throws Exception {
    insert(row(1, "one"), row(2, "two"), row(3, "three"));
    List<RowChange> changes = List.of(deleted(1), updated(2, row(2, "zwei")));
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }
        };
    DeltaLog.clearCache();
    spark.sparkContext().addSparkListener(counter);
    try {
      commit(changes);
      table.append(List.of(row(4, "four")), Optional.empty());
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs).hasValue(0);
      assertThat(table.rowsWithPositions().collectAsList()).hasSize(3);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs).as("the one that reads").hasValue(1);
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
  }

  @Test
  void filesHaveTheStatisticsThatDeltaMakes() {
    Row[] rows = {row(1, "one"), row(7, "seven"), row(3, null)};
    insert(rows);
    spark
        .createDataFrame(List.of(rows), SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .save(table.path());

    List<String> statistics =
        TableFiles.of(table.snapshot()).stream().map(file -> file.stats()).toList();

    assertThat(statistics).hasSize(2);
    assertThat(statistics.get(0)).isEqualTo(statistics.get(1)).contains("\"maxValues\":{\"id\":7");
  }
}

package io.medallion.bronze.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.medallion.core.LakeException;
import io.medallion.core.topic.Envelope;
import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken from the footers of landed files. */
class LandedFileTest {
  private static final String TIMESTAMPS = "spark.sql.parquet.outputTimestampType";

  private final SparkSession spark = LocalSession.shared().newSession();
  private final Configuration hadoop = spark.sparkContext().hadoopConfiguration();

  @TempDir Path folder;

  @BeforeEach
  void writeTimestampsAsBronzeDoes() {
    spark.conf().set(TIMESTAMPS, "TIMESTAMP_MICROS");
  }

  private static Row event(int partition, long offset, String timestamp) {
    return RowFactory.create(
        "t",
        partition,
        offset,
        Timestamp.from(Instant.parse(timestamp)),
        "create",
        null,
        null,
        new byte[] {1});
  }

  private void write(Row... events) {
    Dataset<Row> rows = spark.createDataFrame(List.of(events), Envelope.SCHEMA).coalesce(1);
    rows.write().mode("append").parquet(folder + "/events");
  }

  private List<LandedFile> files() {
    return LandedFile.in(folder + "/events", hadoop);
  }

  @Test
  void footersTellPartitionOffsetsTimesAndCounts() {
    write(event(3, 7, "2026-11-20T10:00:00.000001Z"), event(3, 5, "1969-12-31T23:59:59.999Z"));
    write(event(0, 1, "2026-11-20T10:00:00Z"));

    assertThat(files())
        .extracting(LandedFile::partition, LandedFile::records, LandedFile::first, LandedFile::last)
        .containsExactly(tuple(0, 1L, 1L, 1L), tuple(3, 2L, 5L, 7L));
    assertThat(files().get(1).times())
        .isEqualTo(
            new EventTimes(
                Instant.parse("1969-12-31T23:59:59.999Z"),
                Instant.parse("2026-11-20T10:00:00.000001Z")));
    assertThat(files().get(1).bytes())
        .isEqualTo(folder.resolve("events/" + files().get(1).name()).toFile().length());
  }

  @Test
  void aFileWithoutEventsIsNone() {
    write();

    assertThat(files()).isEmpty();
  }

  @Test
  void aFileOfSeveralPartitionsIsRefused() {
    write(event(0, 5, "2026-11-20T10:00:00Z"), event(1, 5, "2026-11-20T10:00:00Z"));

    assertThatThrownBy(this::files)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("holds events of several partitions");
  }

  @Test
  void aFileThatDoesNotTellItsTimesIsRefused() {
    // Parquet keeps no numbers of this type.
    spark.conf().set(TIMESTAMPS, "INT96");
    write(event(0, 5, "2026-11-20T10:00:00Z"));

    assertThatThrownBy(this::files)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("does not tell the bounds of its column timestamp");
  }

  @Test
  void aFolderThatIsNotThereIsToldByItsPath() {
    assertThatThrownBy(this::files)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(folder + "/events cannot be read");
  }
}

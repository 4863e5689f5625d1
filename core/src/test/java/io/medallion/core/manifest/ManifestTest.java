package io.medallion.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.LocalSession;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Receipt RECEIPT =
      new Receipt("f1", "orders", Instant.parse("2024-03-01T23:59:59Z"), 7, "run", "1.0.0");
  private static final SourceFile SOURCE = new SourceFile("file:/drop/a.csv.gz", "ab12", 90);
  private static final TextFormat FORMAT = new TextFormat("UTF-8", "LF", ",", List.of("id", "x"));
  private static final FileLanding FILE =
      new FileLanding(
          RECEIPT,
          SOURCE,
          FORMAT,
          List.of(
              new ManifestFile.Part("a-0", 100, 1, 9, 5),
              new ManifestFile.Part("a-1", 20, 10, 2, 0)));
  private static final Rejection REJECTION =
      new Rejection(
          RECEIPT,
          SOURCE,
          new TextFormat("", "", ",", List.of()),
          "it is empty",
          List.of(new ManifestFile.Part("rejected/a", 0, 0, 0, 0)));
  private static final EventLanding EVENTS =
      new EventLanding(
          RECEIPT,
          new OffsetRange("t", "id", 1, 10, 20, 11, 19, "s", 3),
          List.of(new ManifestFile.Part("e-0", 400, 11, 8, 0)));

  @Test
  void readsEachKindOfRowAsItWasWritten() {
    assertThat(read(rows(FILE, REJECTION, EVENTS))).containsExactly(FILE, REJECTION, EVENTS);
  }

  @Test
  void readsATableThatWasMadeForFilesAlone() {
    assertThat(read(rows(FILE, REJECTION).drop("offsets"))).containsExactly(FILE, REJECTION);
  }

  @Test
  void derivesCountsSizesAndTheDayOfItsFolder() {
    assertThat(FILE.recordCount()).isEqualTo(11);
    assertThat(FILE.sizeBytes()).isEqualTo(90);
    assertThat(FILE.ingestDate()).isEqualTo(LocalDate.of(2024, 3, 1));
    assertThat(FILE.landed()).isTrue();
    assertThat(REJECTION.landed()).isFalse();
    assertThat(REJECTION.recordCount()).isZero();
    assertThat(EVENTS.sizeBytes()).isEqualTo(400);
    assertThat(EVENTS.sourceUri()).isEqualTo("kafka:t/1");
    assertThat(EVENTS.withLandingSeq(9).landingSeq()).isEqualTo(9);
  }

  @Test
  void refusesARowWhosePartsLackRecords() {
    Dataset<Row> damaged = rows(FILE).withColumn("record_count", functions.lit(12L));

    assertThatThrownBy(() -> read(damaged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file:/drop/a.csv.gz: its parts do not hold its 12 records");
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new FileLanding(RECEIPT, SOURCE, REJECTION.format(), FILE.parts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("file:/drop/a.csv.gz: it cannot be read again");
    assertThatThrownBy(() -> new Rejection(RECEIPT, SOURCE, FORMAT, " ", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file:/drop/a.csv.gz: it was rejected for no reason");
    assertThatThrownBy(() -> new Rejection(RECEIPT, SOURCE, FORMAT, "no", FILE.parts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file:/drop/a.csv.gz: a rejected file brings no records");
    assertThatThrownBy(
            () ->
                new EventLanding(
                    RECEIPT,
                    EVENTS.offsets(),
                    List.of(new ManifestFile.Part("e-0", 400, 11, 10, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kafka:t/1: 10 events do not have offsets from 11 to 19");
    assertThatThrownBy(() -> new SourceFile("a.csv", "", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a.csv: it needs a digest of its content");
  }

  private static Dataset<Row> rows(ManifestFile... files) {
    return LocalSession.shared()
        .createDataFrame(List.of(files).stream().map(Manifest::row).toList(), Manifest.SCHEMA)
        .coalesce(1);
  }

  private static List<ManifestFile> read(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Manifest::file).toList();
  }
}

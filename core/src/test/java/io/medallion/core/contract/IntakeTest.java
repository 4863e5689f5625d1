package io.medallion.core.contract;

import static io.medallion.core.contract.OrdersContract.assertMistakes;
import static io.medallion.core.contract.OrdersContract.edited;
import static io.medallion.core.contract.OrdersContract.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final String FEED = "{name: orders_export, format: csv}";

  @Test
  void isSafeWhereAFeedSaysNothing() {
    Intake intake = read(OrdersContract.yaml()).feed("orders_export").intake();

    assertThat(intake).isEqualTo(Intake.DEFAULT);
    assertThat(intake.minimumAge()).isEqualTo(Duration.ofSeconds(1));
    assertThat(intake.doneMarker()).isEmpty();
    assertThat(intake.maxRecordBytes()).isEqualTo(16_777_216);
    assertThat(intake.maxFields()).isEqualTo(10_000);
    assertThat(intake.maxExpansion()).isEqualTo(200);
  }

  @Test
  void isWhatAFeedSays() {
    String yaml =
        edited(
            FEED,
            "{name: orders_export, format: csv, ignore: ['*.bak'], minimumAgeSeconds: 60,"
                + " doneMarker: '{name}.done', maxRecordBytes: 4096, maxFields: 30,"
                + " maxExpansion: 20}");

    assertThat(read(yaml).feed("orders_export").intake())
        .isEqualTo(
            new Intake(
                List.of("*.bak"), Duration.ofMinutes(1), Optional.of("{name}.done"), 4096, 30, 20));
  }

  @Test
  void tellsMarkersFromData() {
    Intake each = new Intake(List.of(), Duration.ZERO, Optional.of("{name}.done"), 1, 1, 1);
    Intake all = new Intake(List.of(), Duration.ZERO, Optional.of("_SUCCESS"), 1, 1, 1);

    assertThat(each.markerOf("a.csv")).contains("a.csv.done");
    assertThat(each.isMarker("a.csv.done")).isTrue();
    assertThat(each.isMarker("a.csv")).isFalse();
    assertThat(each.isMarker(".done")).isFalse();
    assertThat(all.markerOf("a.csv")).contains("_SUCCESS");
    assertThat(all.isMarker("_SUCCESS")).isTrue();
    assertThat(Intake.DEFAULT.markerOf("a.csv")).isEmpty();
  }

  @Test
  void reportsEveryMistake() {
    assertMistakes(
        edited(
            FEED,
            "{name: orders_export, format: csv, ignore: ['a/*', '[a'], minimumAgeSeconds: -1,"
                + " doneMarker: '{name}', maxRecordBytes: 200000000, maxFields: 0}"),
        List.of(
            "orders.yaml:59:57: 'a/*' is no pattern of file names: it is compared with names, not"
                + " with paths\n    fix: write one such as \"*.tmp\" or \"_*\"",
            "orders.yaml:59:64: '[a' is no pattern of file names: Missing ']\n    fix: write one such as"
                + " \"*.tmp\" or \"_*\"",
            "orders.yaml:59:90: `minimumAgeSeconds` is -1\n    fix: write 0 to 86400, or leave it"
                + " out for 1",
            "orders.yaml:59:106: '{name}' cannot be a file beside the one that it is about\n    fix:"
                + " write a name such as \"_SUCCESS\", or one made of the file's such as"
                + " \"{name}.done\"",
            "orders.yaml:59:132: `maxRecordBytes` is 200000000\n    fix: write 1024 to 134217728,"
                + " or leave it out for 16777216",
            "orders.yaml:59:154: `maxFields` is 0\n    fix: write 1 to 100000, or leave it out for"
                + " 10000"));
  }
}

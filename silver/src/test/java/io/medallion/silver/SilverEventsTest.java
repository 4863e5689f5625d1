package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.silver.parse.OrderEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Landed events through silver: the same table as the files', and recorded deletes. */
@Tag("slow")
class SilverEventsTest {
  @TempDir private Path folder;
  SilverFixture fixture;

  @BeforeEach
  void openLake() {
    fixture = new SilverFixture(folder).under(OrderEvents.contract());
  }

  private static String upsert(String id, String note, int minute) {
    return "{\"id\": \"%s\", \"line\": 1, \"day\": \"2024-03-01\", \"amount\": 1, \"note\": \"%s\", \"updated\": \"%s\"}"
        .formatted(id, note, at(minute));
  }

  private static String delete(String id, int minute) {
    return "{\"id\": \"%s\", \"line\": 1, \"op\": \"delete\", \"updated\": \"%s\"}"
        .formatted(id, at(minute));
  }

  private static String at(int minute) {
    return "2024-01-01T00:%02d:00Z".formatted(minute);
  }

  private static String csv(String id, String note, int minute) {
    return "%s,1,2024-03-01,1,,%s,%s\n".formatted(id, note, at(minute));
  }

  @Test
  void eventsAndFilesFillOneTable() {
    fixture.land("a.csv", csv("O1", "file", 1) + csv("O2", "file", 5));
    fixture.landEvents(0, 100, upsert("O1", "event", 2), upsert("O2", "event", 2));
    fixture.landEvents(1, 7, upsert("O3", "event", 1), "{\"id\": \"O4\"");
    fixture.run();

    assertThat(fixture.rows("id", "note", "_record_number"))
        .containsExactly("[O1,event,100]", "[O2,file,2]", "[O3,event,7]");
    assertThat(fixture.quarantined()).containsExactly("events-1-7#8: json");
    assertThat(fixture.accounts())
        .containsExactly(
            "a.csv: 2 = 1 + 0 + 1 + 0",
            "events-0-100: 2 = 1 + 0 + 1 + 0",
            "events-1-7: 2 = 1 + 0 + 0 + 1");
  }

  @Test
  void anEventThatComesAgainIsADuplicateWhereverItCame() {
    fixture.land("a.csv", csv("O1", "n", 1));
    fixture.landEvents(0, 0, upsert("O1", "n", 1), upsert("O1", "n", 1));
    fixture.run();

    assertThat(fixture.accounts())
        .containsExactly("a.csv: 1 = 1 + 0 + 0 + 0", "events-0-0: 2 = 0 + 2 + 0 + 0");
  }

  @Test
  void aDeleteRemovesTheRowAndIsAccountedForLikeARow() {
    fixture.land("a.csv", csv("O1", "n", 1) + csv("O2", "n", 1));
    fixture.run();
    fixture.landEvents(0, 0, delete("O1", 2));
    fixture.run();

    assertThat(fixture.rows("id")).containsExactly("[O2]");
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 2 = 1 + 0 + 1 + 0", "events-0-0: 1 = 1 + 0 + 0 + 0");
  }

  @Test
  void aTombstoneDeletesByKeyAndTimestamp() {
    fixture.landEvents(0, 0, upsert("O1", "n", 0), upsert("O2", "n", 1));
    fixture.landTombstones(0, 2, "{\"id\": \"O1\", \"line\": 1}", "{\"id\": \"O2\", \"line\": 1}");
    fixture.run();

    // Tombstones bear the time 00:00:30: after the first, before the second.
    assertThat(fixture.rows("id")).containsExactly("[O2]");
    assertThat(fixture.accounts())
        .containsExactly("events-0-0: 2 = 1 + 0 + 1 + 0", "tombstones-0-2: 2 = 1 + 0 + 1 + 0");
  }

  @Test
  void everyOrderOfInsertUpdateAndDeleteEndsTheSame() {
    List<String> history = List.of(upsert("K", "1", 1), upsert("K", "2", 2), delete("K", 3));
    List<List<Integer>> orders = new ArrayList<>();
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        if (a != b) {
          orders.add(List.of(a, b, 3 - a - b));
        }
      }
    }
    // The same key under a name of its own for each order; every event in a batch of its own.
    for (int step = 0; step < 3; step++) {
      List<String> events = new ArrayList<>();
      for (int order = 0; order < orders.size(); order++) {
        String event = history.get(orders.get(order).get(step));
        events.add(event.replace("\"K\"", "\"K" + order + "\""));
        events.add(event.replace("\"K\"", "\"L" + order + "\""));
      }
      for (int order = 0; step == 2 && order < orders.size(); order++) {
        events.add(upsert("L" + order, "again", 4));
      }
      fixture.landEvents(0, step * 100, events.toArray(String[]::new));
      fixture.run();
    }

    assertThat(fixture.rows("id", "note"))
        .containsExactly(
            "[L0,again]", "[L1,again]", "[L2,again]", "[L3,again]", "[L4,again]", "[L5,again]");
    assertThat(fixture.accounts()).hasSize(3);
  }

  @Test
  void anInsertOlderThanARememberedDeleteStaysOutAndANewerOneComesBack() {
    fixture.landEvents(0, 0, delete("O1", 5), delete("O2", 5));
    fixture.run();
    fixture.land("late.csv", csv("O1", "old", 4) + csv("O2", "new", 6));
    fixture.run();
    fixture.landEvents(0, 2, delete("O2", 5), delete("O2", 7));
    fixture.run();

    assertThat(fixture.rows("id")).isEmpty();
    assertThat(fixture.accounts())
        .containsExactly(
            "events-0-0: 2 = 1 + 0 + 1 + 0",
            "events-0-2: 2 = 1 + 0 + 1 + 0",
            "late.csv: 2 = 0 + 0 + 2 + 0");
  }

  @Test
  void aBatchThatIsCutOffAfterItsDeletesIsProcessedAsIfTheyWereNotThere() {
    fixture.land("a.csv", csv("O1", "n", 1));
    fixture.run();
    long silver = fixture.silver().version();
    long ledger = fixture.ledger().table().version();
    fixture.landEvents(0, 0, delete("O1", 2), delete("O3", 2), upsert("O2", "n", 1));
    fixture.run();
    List<String> accounts = fixture.accounts();
    fixture.undoAfter(fixture.silver(), silver);
    fixture.undoAfter(fixture.ledger().table(), ledger);
    fixture.forgetLastBatch();

    fixture.run();

    assertThat(fixture.rows("id")).containsExactly("[O2]");
    assertThat(fixture.accounts())
        .isEqualTo(accounts)
        .containsExactly("a.csv: 1 = 0 + 0 + 1 + 0", "events-0-0: 3 = 3 + 0 + 0 + 0");
  }

  @Test
  void aBatchOfDeletesAloneIsDoneOnce() {
    fixture.landEvents(0, 0, delete("O1", 2));
    fixture.run();
    long ledger = fixture.ledger().table().version();
    fixture.undoAfter(fixture.ledger().table(), ledger - 1);
    fixture.forgetLastBatch();
    fixture.run();
    List<Long> versions = List.of(fixture.silver().version(), fixture.ledger().table().version());
    fixture.forgetLastBatch();
    fixture.run();

    assertThat(fixture.accounts()).containsExactly("events-0-0: 1 = 1 + 0 + 0 + 0");
    assertThat(List.of(fixture.silver().version(), fixture.ledger().table().version()))
        .isEqualTo(versions);
  }

  @Test
  void quarantinedEventsAndTombstonesAreReplayedFromWhereTheyLanded() {
    fixture.under(
        OrderEvents.contract(
            "upsert: [upsert], delete: [delete]", "upsert: [u], delete: [delete]"));
    fixture.landEvents(
        0, 0, upsert("O1", "n", 0), upsert("O2", "n", 1).replace("{", "{\"op\": \"upsert\", "));
    fixture.landTombstones(1, 5, "not json", "{\"id\": \"O1\", \"line\": 1}");
    fixture.run();
    assertThat(fixture.rows("id")).isEmpty();
    assertThat(fixture.quarantined())
        .containsExactly("events-0-0#1: operation", "tombstones-1-5#5: key");

    fixture.under(OrderEvents.contract());
    assertThat(fixture.replay()).isPresent();

    assertThat(fixture.rows("id")).containsExactly("[O2]");
    assertThat(fixture.quarantined()).containsExactly("tombstones-1-5#5: key");
    assertThat(fixture.accounts())
        .containsExactly("events-0-0: 2 = 1 + 0 + 1 + 0", "tombstones-1-5: 2 = 1 + 0 + 0 + 1");
  }
}

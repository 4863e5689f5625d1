package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.silver.parse.OrderEvents;
import io.medallion.testkit.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.apache.commons.io.FileUtils;

/**
 * Random histories of inserts, updates and deletes of many keys, by files and by a topic, in random
 * orders and batches: silver holds what a small reference in memory says, and every record is
 * accounted for: two histories, or {@code -Dmedallion.rounds}.
 */
@Tag("slow")
class SilverDeletesPropertyTest {
  private static final int KEYS = 30;
  private static final int CHANGES = 120;

  /**
   * A change of a key.
   *
   * @param second its place in the order of changes
   * @param deletes whether it leaves no row
   */
  private record Change(String key, int second, boolean deletes) {
    String at() {
      return "2024-01-01T00:%02d:%02dZ".formatted(second / 60, second % 60);
    }

    String json() {
      return deletes
          ? "{\"id\": \"%s\", \"line\": 1, \"op\": \"delete\", \"updated\": \"%s\"}"
              .formatted(key, at())
          : "{\"id\": \"%s\", \"line\": 1, \"day\": \"2024-03-01\", \"note\": \"n%d\", \"updated\": \"%s\"}"
              .formatted(key, second, at());
    }

    String csv() {
      return "%s,1,2024-03-01,,,n%d,%s\n".formatted(key, second, at());
    }
  }

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void contentIsTheSameForEveryOrderSplitAndWay(@ForAll Random random) throws IOException {
    for (int round = 0; round < Rounds.of(2); round++) {
      contentIsTheSameForEveryOrderSplitAndWayOf(random);
    }
  }

  private static void contentIsTheSameForEveryOrderSplitAndWayOf(Random random) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      boolean again = i > 0 && random.nextInt(8) == 0;
      changes.add(
          again
              ? changes.get(random.nextInt(i))
              : new Change("K" + random.nextInt(KEYS), i, random.nextInt(3) == 0));
    }
    Collections.shuffle(changes, random);
    Path folder = Files.createTempDirectory("silver-deletes");
    try {
      SilverFixture fixture = new SilverFixture(folder).under(OrderEvents.contract());
      int from = 0;
      for (int part = 0; from < CHANGES; part++) {
        int to = Math.min(CHANGES, from + 1 + random.nextInt(50));
        land(fixture, part, changes.subList(from, to), random.nextBoolean());
        from = to;
        if (from == CHANGES || random.nextBoolean()) {
          PreviewedRun.of(
              (random.nextBoolean() ? fixture.asLarge() : fixture.asSmall())
                  .by(Way.values()[random.nextInt(2)]));
        }
      }
      assertThat(fixture.rows("id", "note")).isEqualTo(reference(changes));
      // accounts() holds each file's account against the table and the deletes.
      assertThat(
              fixture.accounts().stream()
                  .mapToInt(a -> Integer.parseInt(a.replaceAll(".*: (\\d+) =.*", "$1")))
                  .sum())
          .isEqualTo(CHANGES);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** Files cannot say what is deleted: such changes come as events always. */
  private static void land(SilverFixture fixture, int part, List<Change> changes, boolean asFile) {
    List<Change> events = changes.stream().filter(c -> c.deletes() || !asFile).toList();
    if (!events.isEmpty()) {
      fixture.landEvents(
          0, part * 1_000L, events.stream().map(Change::json).toArray(String[]::new));
    }
    List<Change> records = changes.stream().filter(c -> !c.deletes() && asFile).toList();
    if (!records.isEmpty()) {
      fixture.land(
          "f" + part + ".csv", String.join("", records.stream().map(Change::csv).toList()));
    }
  }

  private static List<String> reference(List<Change> changes) {
    Map<String, Change> latest = new TreeMap<>();
    for (Change change : changes) {
      latest.merge(change.key(), change, (a, b) -> a.second() >= b.second() ? a : b);
    }
    return latest.values().stream()
        .filter(change -> !change.deletes())
        .map(change -> "[" + change.key() + ",n" + change.second() + "]")
        .sorted()
        .toList();
  }
}

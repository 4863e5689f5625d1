package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.medallion.core.contract.Contracts;
import io.medallion.core.lake.Lake;
import io.medallion.gold.star.Stars;
import io.medallion.jobs.GeneratedTruthTest.Duck;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.pipeline.FilePipeline;
import io.medallion.testkit.LocalSession;
import io.medallion.warehouse.StarViews;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second dataset by configuration alone: TPC-DS item versions as shuffled change events. */
@Tag("slow")
class ItemHistoryTest {
  private static final Path ITEMS = TestLake.REPOSITORY.resolve("../shared/data/tpcds/item.csv");

  @TempDir Path dir;

  @Test
  void shuffledEventsInAnyOrderGiveTheHistoryBack() throws Exception {
    assumeTrue(Files.exists(ITEMS), "skipped: " + ITEMS + " is not here");
    List<List<String>> items =
        Duck.query("SELECT * FROM read_csv('" + ITEMS + "', header = true, all_varchar = true)");
    List<String> names =
        Duck.query(
                "DESCRIBE SELECT * FROM read_csv('"
                    + ITEMS
                    + "', header = true, all_varchar = true)")
            .stream()
            .map(row -> row.get(0))
            .toList();
    Map<String, String> startsBySk = starts(items);
    List<String> events = new ArrayList<>();
    for (List<String> item : items) {
      List<String> event = new ArrayList<>(item);
      event.set(2, startsBySk.get(item.get(0)));
      event.remove(3);
      events.add(csv(event));
    }
    Collections.shuffle(events, new Random(5));
    List<String> header = new ArrayList<>(names);
    header.remove(3);
    List<Path> files = new ArrayList<>();
    int size = events.size() / 4 + 1;
    for (int i = 0; i < 4; i++) {
      List<String> lines = new ArrayList<>(List.of(csv(header)));
      lines.addAll(events.subList(i * size, Math.min(events.size(), (i + 1) * size)));
      files.add(Files.write(dir.resolve("events-" + i + ".csv"), lines));
    }
    for (int[] order : new int[][] {{3, 1, 0, 2}, {0, 2, 3, 1}}) {
      Path root = dir.resolve("lake" + order[0]);
      for (int file : order) {
        run(root, files.get(file));
      }
      assertThat(history(root)).containsExactlyInAnyOrderElementsOf(expected(items, startsBySk));
    }
  }

  /** Blank starts: the day after the previous version ended; the first version's stays absent. */
  private static Map<String, String> starts(List<List<String>> items) {
    Map<String, String> starts = new HashMap<>();
    List<String> previous = null;
    for (List<String> item : items) {
      String start = item.get(2);
      boolean follows = previous != null && previous.get(1).equals(item.get(1));
      if (start.isEmpty() && follows && !previous.get(3).isEmpty()) {
        start = java.time.LocalDate.parse(previous.get(3)).plusDays(1).toString();
      }
      starts.put(item.get(0), start);
      previous = item;
    }
    return starts;
  }

  private static List<List<String>> expected(
      List<List<String>> items, Map<String, String> startsBySk) {
    List<List<String>> expected = new ArrayList<>();
    for (List<String> item : items) {
      String start = startsBySk.get(item.get(0));
      String end = item.get(3);
      List<String> version = new ArrayList<>(item.subList(0, 2));
      version.add(start.isEmpty() ? "1900-01-01" : start);
      version.add(
          end.isEmpty() ? "9999-12-31" : java.time.LocalDate.parse(end).plusDays(1).toString());
      version.addAll(item.subList(4, item.size()).stream().map(String::strip).toList());
      expected.add(version);
    }
    return expected;
  }

  private static List<List<String>> history(Path root) {
    return new TestLake(root)
        .query(
            "SELECT i_item_sk, i_item_id, valid_from, valid_to, i_item_desc, i_current_price,"
                + " i_wholesale_cost, i_brand_id, i_brand, i_class_id, i_class, i_category_id,"
                + " i_category, i_manufact_id, i_manufact, i_size, i_formulation, i_color, i_units,"
                + " i_container, i_manager_id, i_product_name FROM gold.dim_item WHERE i_item_id IS"
                + " NOT NULL");
  }

  private void run(Path root, Path file) {
    Path conf = TestLake.REPOSITORY.resolve("testkit/src/main/resources/io/medallion/testkit/item");
    Contracts contracts = Contracts.read(conf.resolve("contracts"));
    Stars stars = Stars.read(conf.resolve("stars"), contracts);
    Lakehouse lakehouse =
        new Lakehouse(
            LocalSession.shared(),
            false,
            new Lake(root.toString()),
            new Configuration(contracts, stars, StarViews.NONE),
            Clock.systemUTC(),
            "run");
    String feed = contracts.feedNames().get(0);
    FilePipeline.run(
        lakehouse,
        feed,
        List.of(file.toString()),
        stars.all(),
        Optional.empty(),
        new Report(new Console(System.out, System.err)));
  }

  private static String csv(List<String> cells) {
    return String.join(
        ",",
        cells.stream()
            .map(c -> c.contains(",") || c.contains("\"") ? '"' + c.replace("\"", "\"\"") + '"' : c)
            .toList());
  }
}

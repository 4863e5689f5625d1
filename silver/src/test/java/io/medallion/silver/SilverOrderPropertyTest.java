package io.medallion.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.Rounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * Random histories of many keys, with faults and repeated records, in random files, batches and
 * orders: silver's content is what a small reference in memory says, every time.
 *
 * <p>One try holds some two hundred records of forty keys: many histories for the price of one run.
 * {@code -Dmedallion.rounds} gives more tries than two.
 */
@Tag("slow")
class SilverOrderPropertyTest {
  private static final int KEYS = 40;
  private static final int RECORDS = 200;

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void contentIsTheSameForEveryOrderAndSplit(@ForAll Random random) {
    for (int round = 0; round < Rounds.of(2); round++) {
      contentIsTheSameForEveryOrderAndSplitOf(random);
    }
  }

  private static void contentIsTheSameForEveryOrderAndSplitOf(Random random) {
    List<String> records = records(random);
    List<String> expected = reference(records);
    long faulty = records.stream().filter(SilverOrderPropertyTest::faulty).count();

    for (int order = 0; order < 2; order++) {
      List<String> shuffled = new ArrayList<>(records);
      Collections.shuffle(shuffled, random);
      process(
          shuffled,
          random,
          fixture -> {
            assertThat(fixture.rows("id", "amount", "note", "updated")).isEqualTo(expected);
            assertThat(fixture.quarantined()).hasSize((int) faulty);
            // accounts() holds each file's account against the tables.
            assertThat(
                    fixture.accounts().stream()
                        .mapToInt(a -> Integer.parseInt(a.replaceAll(".*: (\\d+) =.*", "$1")))
                        .sum())
                .isEqualTo(RECORDS);
          });
    }
  }

  private interface Check {
    void of(SilverFixture fixture);
  }

  private static void process(List<String> records, Random random, Check check) {
    Path folder;
    try {
      folder = Files.createTempDirectory("silver-order");
      try {
        SilverFixture fixture = new SilverFixture(folder);
        Map<String, byte[]> batch = new LinkedHashMap<>();
        int from = 0;
        for (int file = 0; from < records.size(); file++) {
          int to = Math.min(records.size(), from + 1 + random.nextInt(60));
          batch.put(
              "f" + file + ".csv",
              (SilverFixture.HEADER + String.join("\n", records.subList(from, to)) + "\n")
                  .getBytes(UTF_8));
          from = to;
          if (from == records.size() || random.nextInt(3) == 0) {
            fixture.landAll(batch);
            batch.clear();
            PreviewedRun.of(
                (random.nextBoolean() ? fixture.asLarge() : fixture.asSmall())
                    .by(Way.values()[random.nextInt(2)]));
          }
        }
        check.of(fixture);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Records whose sequence value tells which of a key's versions is the later one. */
  private static List<String> records(Random random) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      if (i > 0 && random.nextInt(6) == 0) {
        records.add(records.get(random.nextInt(i)));
        continue;
      }
      String amount = random.nextInt(8) == 0 ? "wrong" : random.nextInt(4) + ".50";
      String note = random.nextInt(3) == 0 ? "" : "n" + random.nextInt(3);
      records.add(
          "K%02d,1,2024-03-01,%s,new,%s,2024-01-01T00:%02d:%02dZ"
              .formatted(random.nextInt(KEYS), amount, note, i / 60, i % 60));
    }
    return records;
  }

  private static boolean faulty(String record) {
    return record.contains("wrong");
  }

  private static List<String> reference(List<String> records) {
    Map<String, String[]> latest = new TreeMap<>();
    for (String record : records) {
      String[] fields = record.split(",", -1);
      String[] held = latest.get(fields[0]);
      if (!faulty(record) && (held == null || held[6].compareTo(fields[6]) < 0)) {
        latest.put(fields[0], fields);
      }
    }
    return latest.values().stream()
        .map(
            f ->
                "[%s,%s,%s,%s]"
                    .formatted(
                        f[0],
                        f[3],
                        f[5].isEmpty() ? "null" : f[5],
                        f[6].replace("T", " ").replace("Z", ".0")))
        .sorted()
        .toList();
  }
}

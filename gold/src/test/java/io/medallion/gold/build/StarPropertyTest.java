package io.medallion.gold.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.core.rows.DriverRows;
import io.medallion.gold.check.CheckResult;
import io.medallion.testkit.Rounds;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Random histories in random batches. A history touches many members at once, so that few tries
 * cover many cases: two, or {@code -Dmedallion.rounds}.
 */
@Tag("slow")
class StarPropertyTest {
  private static final LocalDate DAY = LocalDate.of(1900, 1, 3);

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void incrementsEqualTheReferenceAndTheRebuild(@ForAll Random random) throws IOException {
    for (int round = 0; round < Rounds.of(2); round++) {
      incrementsEqualTheReferenceAndTheRebuildOf(random);
    }
  }

  private static void incrementsEqualTheReferenceAndTheRebuildOf(Random random) throws IOException {
    Path dir = Files.createTempDirectory("star");
    Shop shop = new Shop(Session.small(), dir.toString());
    shop.open();
    Map<String, Line> lines = new LinkedHashMap<>();
    int batches = 2 + random.nextInt(2);
    for (int batch = 0; batch < batches; batch++) {
      int commits = 1 + random.nextInt(2);
      for (int commit = 0; commit < commits; commit++) {
        change(shop, lines, random, batch == 0 ? 60 : 1 + random.nextInt(25));
      }
      // Whether few rows or many: the content must not depend on the way an update is computed.
      shop.spark.conf().set(DriverRows.SETTING, random.nextInt(3) == 0 ? "0" : "50000");
      GoldSummary.Build build = shop.build(Shop.star()).orElseThrow();
      assertThat(build.rebuilt().isPresent()).isEqualTo(batch == 0);
      assertThat(build.checks()).filteredOn(CheckResult::breaches).isEmpty();
      StarContent.isWhatTheReferenceSays(shop, List.copyOf(lines.values()));
    }
    shop.spark.conf().unset(DriverRows.SETTING);
    Map<String, Long> incremental = shop.versions();

    shop.build(
        Shop.star(
            "edited", Shop.star().checks().toArray(new io.medallion.gold.star.Star.Check[0])));

    StarContent.isAsAt(incremental, shop);
    assertThat(shop.lake).isEqualTo(new Lake(dir.toString()));
  }

  private static void change(Shop shop, Map<String, Line> lines, Random random, int changes) {
    Map<String, Line> puts = new LinkedHashMap<>();
    Map<String, Line> deletes = new LinkedHashMap<>();
    for (int i = 0; i < changes; i++) {
      Line line = line(random);
      String key = line.orderId() + "/" + line.lineId();
      if (lines.containsKey(key) && random.nextInt(4) == 0) {
        deletes.put(key, line);
        puts.remove(key);
      } else {
        puts.put(key, line);
        deletes.remove(key);
      }
    }
    shop.apply(List.copyOf(puts.values()), List.copyOf(deletes.values()));
    lines.putAll(puts);
    deletes.keySet().forEach(lines::remove);
  }

  private static Line line(Random random) {
    List<LocalDate> days = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      days.add(DAY.plusDays(i));
    }
    days.add(null);
    days.add(DAY.minusDays(10));
    return new Line(
        "o" + random.nextInt(50),
        random.nextInt(3),
        any(random, days.toArray(LocalDate[]::new)),
        any(random, null, DAY.plusDays(random.nextInt(30))),
        any(random, "c1", "c2", "c3", "c4", "c5", "c6", "c7", null),
        any(random, "Ann", "Bob", null),
        any(random, "Home", "Home", "Home", "Office"),
        any(random, "a@x", "a@x", null),
        any(random, "p1", "p2", "p3", "p4", "p5", null),
        any(random, "Pen", "Ink", null),
        any(random, "DE", "FR", null),
        any(random, "Bonn", "Metz", null),
        any(random, "West", "East"),
        any(random, "open", "open", "closed"),
        any(random, null, new BigDecimal("1.25000"), new BigDecimal("7.50000")));
  }

  @SafeVarargs
  private static <T> T any(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }
}

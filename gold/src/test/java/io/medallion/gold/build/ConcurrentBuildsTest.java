package io.medallion.gold.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.rows.DriverRows;
import io.medallion.gold.check.CheckResult;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build in whose middle another one of the same star does the same work. */
@Tag("slow")
class ConcurrentBuildsTest {
  private static final LocalDate DAY = LocalDate.of(1900, 1, 3);

  @TempDir Path dir;
  private Shop shop;
  private final List<Line> lines = new ArrayList<>();

  @BeforeEach
  void open() {
    shop = new Shop(Session.small(), dir.toString());
    shop.open();
    put(Line.of("o1", 1, DAY), Line.of("o2", 1, DAY.plusDays(4)));
  }

  private void put(Line... more) {
    shop.put(more);
    lines.addAll(List.of(more));
  }

  /** Builds, and lets another build run from its begin to its end after a commit of this one. */
  private Optional<GoldSummary.Build> overtakenAfter(String commit) {
    AtomicBoolean once = new AtomicBoolean();
    CommitPoint point =
        table -> {
          if (table.equals(commit) && once.compareAndSet(false, true)) {
            assertThat(shop.stream(Shop.star()).run().builds()).hasSize(1);
          }
        };
    try (GoldStream overtaken = shop.stream(Shop.star(), point)) {
      return overtaken.build();
    }
  }

  private void oneHasWon(Map<String, Long> versions) {
    StarContent.isWhatTheReferenceSays(shop, lines);
    assertThat(shop.stream(Shop.star()).run().checks()).allMatch(CheckResult::passed);
    // Neither check results nor the ledger have the build twice.
    assertThat(shop.versions().get("check_results")).isEqualTo(versions.get("check_results") + 1);
    assertThat(shop.versions().get("runs")).isEqualTo(versions.get("runs") + 1);
  }

  @Test
  void anUpdateThatIsOvertakenFindsItsWorkDone() {
    shop.build(Shop.star());
    Map<String, Long> versions = shop.versions();
    put(
        Line.of("o3", 1, DAY.plusDays(2)).customer("c1", "Anna", "Home"),
        Line.of("o4", 1, DAY.plusDays(2)).customer("c9", "Zoe", "Home"));

    assertThat(overtakenAfter("dim_customer")).isEmpty();

    oneHasWon(versions);
  }

  @Test
  void anUpdateByPlansThatIsOvertakenFindsItsWorkDone() {
    shop.build(Shop.star());
    Map<String, Long> versions = shop.versions();
    put(
        Line.of("o3", 1, DAY.plusDays(2)).customer("c1", "Anna", "Home"),
        Line.of("o4", 1, DAY.plusDays(2)).customer("c9", "Zoe", "Home"));
    shop.spark.conf().set(DriverRows.SETTING, "0");
    try {
      overtakenAfter("dim_customer");
    } finally {
      shop.spark.conf().unset(DriverRows.SETTING);
    }

    oneHasWon(versions);
  }
}

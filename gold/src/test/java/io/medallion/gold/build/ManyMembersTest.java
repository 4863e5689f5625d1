package io.medallion.gold.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.table.TableChange;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An increment that moves more members than the driver holds. */
@Tag("slow")
class ManyMembersTest {
  private static final LocalDate DAY = LocalDate.of(2024, 2, 10);
  private static final int MEMBERS = 20_500;

  @TempDir Path dir;

  @Test
  void endsInWhatARebuildMakes() {
    Shop shop = new Shop(Session.small(), dir.toString());
    shop.open();
    shop.put(lines("a", DAY, "Ann"));
    shop.put(lines("b", DAY.plusDays(10), "Ann"));
    shop.build(Shop.star());
    shop.put(lines("late", DAY.plusDays(5), "Bea"));

    GoldSummary.Build increment = shop.build(Shop.star()).orElseThrow();

    assertThat(increment.rebuilt()).isEmpty();
    assertThat(increment.repointed()).isEqualTo(MEMBERS);
    assertThat(increment.tables().get(0))
        .isEqualTo(new TableChange("dim_customer", 2 * MEMBERS, MEMBERS, 0, 2));
    Map<String, Long> incremental = shop.versions();
    assertThat(shop.build(Shop.star("s2")).orElseThrow().rebuilt()).isPresent();
    StarContent.isAsAt(incremental, shop);
  }

  private static List<Line> lines(String order, LocalDate day, String name) {
    return IntStream.range(0, MEMBERS)
        .mapToObj(i -> Line.of(order + i, 1, day).customer("c" + i, name, "Consumer"))
        .toList();
  }
}

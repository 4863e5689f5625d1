package io.medallion.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build that ends after one of its commits, and runs again. */
class RecoveryTest {
  private static final LocalDate DAY = LocalDate.of(1900, 1, 10);

  private static final List<Line> FIRST =
      List.of(
          Line.of("o1", 1, DAY),
          Line.of("o2", 1, DAY.plusDays(2)),
          Line.of("o3", 1, DAY.plusDays(4)).place("FR", "Metz", "East", "open"),
          Line.of("o4", 1, DAY.plusDays(5)));

  private static final List<Line> SECOND =
      List.of(
          Line.of("o5", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home").product("p1", "Ink"),
          Line.of("o3", 1, DAY.plusDays(3)).place("DE", "Bonn", "North", "open"),
          Line.of("o6", 1, DAY.plusDays(400)));

  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended(String table) {
      super(table);
    }
  }

  private static Map<String, List<String>> undisturbed;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dim_customer",
        "dim_product",
        "dim_place",
        "dim_date",
        "fact",
        "check_results",
        "runs"
      })
  void theNextRunEndsInTheContentOfAnUndisturbedOne(String lastCommit) throws IOException {
    Shop shop = shop();
    assertThatThrownBy(() -> endingAfter(shop, lastCommit))
        .isInstanceOf(Ended.class)
        .hasMessage(lastCommit);
    shop.build(Shop.star());

    assertThat(StarContent.of(shop)).isEqualTo(undisturbed());
    shop.put(SECOND);
    assertThatThrownBy(() -> endingAfter(shop, lastCommit))
        .isInstanceOf(Ended.class)
        .hasMessage(lastCommit);
    shop.build(Shop.star());

    List<Line> lines = new ArrayList<>(FIRST);
    lines.remove(2);
    lines.addAll(SECOND);
    StarContent.isWhatTheReferenceSays(shop, lines);
    assertThat(shop.build(Shop.star())).isEmpty();
  }

  private static void endingAfter(Shop shop, String lastCommit) {
    CommitPoint ending =
        table -> {
          if (table.equals(lastCommit)) {
            throw new Ended(table);
          }
        };
    shop.batch(Shop.star(), ending).bringTo(shop.source.version());
  }

  private static Shop shop() throws IOException {
    Shop shop = new Shop(Session.small(), Files.createTempDirectory("recovery").toString());
    shop.open();
    shop.put(FIRST);
    return shop;
  }

  private static synchronized Map<String, List<String>> undisturbed() throws IOException {
    if (undisturbed == null) {
      Shop shop = shop();
      shop.build(Shop.star());
      undisturbed = StarContent.of(shop);
    }
    return undisturbed;
  }
}

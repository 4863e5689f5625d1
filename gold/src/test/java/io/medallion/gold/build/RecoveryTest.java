package io.medallion.gold.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.gold.star.Star;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that end after one of their commits, and run again. */
@Tag("slow")
class RecoveryTest {
  private static final LocalDate DAY = LocalDate.of(1900, 1, 10);
  private static final List<String> COMMITS =
      List.of(
          "dim_customer", "dim_product", "dim_place", "dim_date", "fact", "check_results", "runs");

  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended(String table) {
      super(table);
    }
  }

  @TempDir Path dir;
  private Shop shop;
  private final List<Line> lines = new ArrayList<>();

  @BeforeEach
  void open() {
    shop = new Shop(Session.small(), dir.toString());
    shop.open();
    put(
        Line.of("o1", 1, DAY),
        Line.of("o2", 1, DAY.plusDays(2)),
        Line.of("o3", 1, DAY.plusDays(9)),
        Line.of("o4", 1, DAY.plusDays(12)).place("FR", "Metz", "East", "open"));
  }

  private void put(Line... more) {
    shop.put(more);
    for (Line line : more) {
      lines.removeIf(l -> l.orderId().equals(line.orderId()));
      lines.add(line);
    }
  }

  private void endAfter(String lastCommit) {
    CommitPoint ending =
        table -> {
          if (table.equals(lastCommit)) {
            throw new Ended(table);
          }
        };
    assertThatThrownBy(() -> shop.batch(Shop.star(), ending).buildTo(shop.source.version()))
        .isInstanceOf(Ended.class)
        .hasMessage(lastCommit);
  }

  @Test
  void aFirstBuildThatEndsAfterAnyCommitIsDoneByTheNextRun() {
    for (String commit : COMMITS.subList(0, 6)) {
      endAfter(commit);
    }

    assertThat(shop.build(Shop.star())).isPresent();

    StarContent.isWhatTheReferenceSays(shop, lines);
    assertThat(shop.build(Shop.star())).isEmpty();
  }

  @Test
  void anIncrementThatEndsAfterAnyCommitIsDoneByTheNextRun() {
    shop.build(Shop.star());
    int day = 0;
    for (String commit : COMMITS) {
      // Every change splits a version of every dimension that holds for facts it does not touch.
      day++;
      put(
          Line.of("o5", 1, DAY.plusDays(day))
              .customer("c1", "Anna" + day, "Home")
              .product("p1", "Ink" + day)
              .place("DE", "Bonn", "North" + day, "open")
              .shipped(LocalDate.of(1910 + day, 1, 1)));
      endAfter(commit);

      boolean finished = shop.build(Shop.star()).isEmpty();

      assertThat(finished).isEqualTo(commit.equals("runs"));
      StarContent.isWhatTheReferenceSays(shop, lines);
    }
  }

  @Test
  void aCheckpointLostAfterAnEndedBuildDoesNotMatter() {
    shop.build(Shop.star());
    put(Line.of("o5", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    endAfter("fact");
    put(Line.of("o6", 1, DAY.plusDays(1)).customer("c1", "Anne", "Home"));

    shop.build(Shop.star());

    StarContent.isWhatTheReferenceSays(shop, lines);
  }

  @Test
  void aRowThatCameBeforeABuildWasCutOffAndWentAfterItLeavesNoFact() {
    shop.build(Shop.star());
    Line came = Line.of("o5", 1, DAY.plusDays(1)).customer("c9", "Anna", "Home");
    shop.put(came);
    endAfter("fact");
    shop.delete(came);

    shop.build(Shop.star());

    StarContent.isWhatTheReferenceSays(shop, lines);
  }

  @Test
  void aLogThatDoesNotReachBackToTheLastBuildMakesItBuiltAnew() throws IOException {
    shop.build(Shop.star());
    put(Line.of("o5", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    put(Line.of("o6", 1, DAY.plusDays(2)).customer("c1", "Anne", "Home"));
    DeltaLog log = DeltaLog.forTable(shop.spark, shop.source.path());
    log.checkpoint();
    Path commits = Path.of(shop.source.path(), "_delta_log");
    for (long version = 0; version < shop.source.version(); version++) {
      Files.deleteIfExists(commits.resolve("%020d.json".formatted(version)));
      Files.deleteIfExists(commits.resolve("%020d.crc".formatted(version)));
    }
    DeltaLog.clearCache();

    assertThat(shop.build(Shop.star()).orElseThrow().rebuilt())
        .contains("the log of silver.orders does not reach back to the last build");

    StarContent.isWhatTheReferenceSays(shop, lines);
    put(Line.of("o7", 1, DAY.plusDays(3)).customer("c1", "Anni", "Home"));
    assertThat(shop.build(Shop.star()).orElseThrow().rebuilt()).isEmpty();
    StarContent.isWhatTheReferenceSays(shop, lines);
  }

  /** The star with upper-case names of products, under a digest of its own. */
  private static Star withTitlesInUpperCase() {
    Star star = Shop.star();
    List<Star.Dimension> dimensions = new ArrayList<>(star.dimensions());
    Star.Dimension product = dimensions.get(1);
    dimensions.set(
        1,
        new Star.Dimension(
            product.table(),
            product.surrogateKey(),
            product.description(),
            product.scdType(),
            product.businessKey(),
            product.effectiveFrom(),
            product.tieBreak(),
            List.of(new Star.Attribute("title", "upper(title)", "The title")),
            product.untracked(),
            product.deleteWhen()));
    return new Star(
        star.name(),
        star.source(),
        dimensions,
        star.dateDimension(),
        star.facts(),
        star.checks(),
        "upper");
  }

  @Test
  void aBuildOfAnotherDefinitionThatWasCutOffIsNotTakenForThisOne() {
    shop.build(Shop.star());
    assertThatThrownBy(
            () ->
                shop.batch(
                        withTitlesInUpperCase(),
                        table -> {
                          if (table.equals("fact")) {
                            throw new Ended(table);
                          }
                        })
                    .buildTo(shop.source.version()))
        .isInstanceOf(Ended.class);
    assertThat(shop.sorted("dim_product", "title")).contains("[PEN]");

    shop.build(Shop.star("edited again", Shop.star().checks().toArray(new Star.Check[0])));

    StarContent.isWhatTheReferenceSays(shop, lines);
  }

  @Test
  void aLedgerThatIsMadeAnewDoesNotKeepGoldFromWhatIsNew() throws IOException {
    shop.build(Shop.star());
    put(Line.of("o5", 1, DAY.plusDays(1)).customer("c1", "Anna", "Home"));
    shop.build(Shop.star());
    put(Line.of("o6", 1, DAY.plusDays(2)).customer("c1", "Anne", "Home"));
    FileUtils.deleteDirectory(dir.resolve("ops/runs").toFile());
    DeltaLog.clearCache();

    assertThat(shop.build(Shop.star()).orElseThrow().rebuilt()).isPresent();

    StarContent.isWhatTheReferenceSays(shop, lines);
    put(Line.of("o7", 1, DAY.plusDays(3)).customer("c1", "Anni", "Home"));
    assertThat(shop.build(Shop.star()).orElseThrow().rebuilt()).isEmpty();
    StarContent.isWhatTheReferenceSays(shop, lines);
  }
}

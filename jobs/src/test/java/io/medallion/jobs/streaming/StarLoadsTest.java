package io.medallion.jobs.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.core.contract.Severity;
import io.medallion.gold.build.BuildChanges;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.star.Star;
import io.medallion.jobs.SalesEvents;
import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A star that stands in gold, and a warehouse that takes it, or is busy. */
@Tag("slow")
class StarLoadsTest {
  @TempDir private static Path shared;
  private static TestLake lake;

  @TempDir private Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path file;
  private Star star;
  private StarLoads loads;

  @BeforeAll
  static void buildStar() throws Exception {
    lake = new TestLake(shared.resolve("lake"));
    String lines =
        SalesEvents.generateUpserts(3, 20).upserts().stream()
            .map(SalesEvents.Line::csv)
            .collect(Collectors.joining());
    lake.run(
        "files", Files.writeString(shared.resolve("orders.csv"), SalesEvents.CSV_HEADER + lines));
  }

  @BeforeEach
  void openWarehouse() {
    Lakehouse lakehouse = lake.open("stream");
    file = folder.resolve("sales.duckdb");
    star = lakehouse.configuration().stars().byName("sales");
    PrintStream console = new PrintStream(said, true, StandardCharsets.UTF_8);
    loads =
        new StarLoads(
            lakehouse,
            new DuckDbWarehouse(lakehouse.spark(), lakehouse.lake(), file),
            new StreamReport(new Console(console, console)));
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static GoldSummary.Build build(List<CheckResult> checks) {
    return new GoldSummary.Build(
        0,
        0,
        Optional.empty(),
        1,
        List.of(),
        0,
        checks,
        Instant.EPOCH,
        Instant.EPOCH,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  private static CheckResult check(Severity severity) {
    return new CheckResult(
        "sales_add_up",
        "agree",
        "gold.fact_sales",
        severity,
        1,
        CheckResult.Scope.ALL,
        Optional.empty());
  }

  @Test
  void aBuildThatWarnsIsLoaded() {
    loads.built(star, build(List.of(check(Severity.WARN))), BuildChanges.NONE);

    assertThat(file).exists();
    assertThat(said()).contains("star sales: ").contains(" rows into " + file);
    loads.finish();
  }

  @Test
  void aBuildThatBreachesItsChecksStaysOut() {
    loads.built(star, build(List.of(check(Severity.ERROR))), BuildChanges.NONE);
    loads.finish();

    assertThat(file).doesNotExist();
    assertThat(said()).contains("star sales was not loaded into " + file + ", since checks failed");
  }

  @Test
  void whatAnEarlierProcessBuiltIsCaughtUpWith() {
    loads.catchUp(star);

    assertThat(file).exists();
    said.reset();
    loads.catchUp(star);
    assertThat(said()).isEmpty();
  }

  @Test
  void aWarehouseThatIsBusyToTheEndIsTold() throws Exception {
    try (FileChannel otherProgram =
        FileChannel.open(
            folder.resolve("sales.duckdb.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      otherProgram.lock();
      loads.built(star, build(List.of()), BuildChanges.NONE);
      assertThat(said())
          .contains(
              "star sales was not loaded, and is loaded with the next build: another load is"
                  + " writing "
                  + file);
      assertThatThrownBy(loads::finish)
          .isInstanceOf(LakeException.class)
          .hasMessage(
              "star sales is finished in gold, and was not loaded: another load is writing "
                  + file
                  + "\n    fix: close what has "
                  + file
                  + " open, then run medallion load");
    }
    loads.finish();
    assertThat(file).exists();
  }
}

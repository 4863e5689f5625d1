package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.ReceivedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Things that happen while a landing is under way. */
@Tag("slow")
class ConcurrentLandingTest {
  @TempDir private Path folder;
  private LandingFixture fixture;

  @BeforeEach
  void openFixture() {
    fixture = new LandingFixture(folder);
  }

  @Test
  void landsAFileWholeThatGrewOnceWhileItWasRead() throws IOException {
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    HookedClock clock =
        new HookedClock(LandingFixture.NOW)
            .on(HookedClock.FIRST_READING, () -> LandingFixture.append(source, "4,Dot,\n"));

    LandingSummary summary = fixture.landing("run", clock).land(LandingFixture.paths(source));

    ManifestFile file = summary.landed().get(0);
    assertThat(file.recordCount()).isEqualTo(4);
    assertThat(fixture.landed(file))
        .isEqualTo((LandingFixture.ORDERS + "4,Dot,\n").getBytes(UTF_8));
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void defersAFileThatKeepsGrowingWhileItIsRead() throws IOException {
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    HookedClock clock =
        new HookedClock(LandingFixture.NOW)
            .on(HookedClock.FIRST_READING, () -> LandingFixture.append(source, "4,Dot,\n"))
            .on(HookedClock.SECOND_READING, () -> LandingFixture.append(source, "5,Eve,\n"));

    LandingSummary summary = fixture.landing("run", clock).land(LandingFixture.paths(source));

    assertThat(summary.outcomes())
        .containsExactly(
            new Outcome.Deferred(
                "file:" + source,
                "it changed while it was read, twice: run again when its writer is done"));
    assertThat(fixture.manifest().exists()).isFalse();
    assertThat(fixture.filesOfTheFeed()).isEmpty();
    assertThat(fixture.landAll().landed().get(0).recordCount()).isEqualTo(5);
  }

  @Test
  void failsAFileThatVanishesAndLandsTheOthers() throws IOException {
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    fixture.write("b.csv", "id,name\n9,b\n");
    HookedClock clock = new HookedClock(LandingFixture.NOW).on(1, () -> {});
    BronzeLanding landing = fixture.landing("run", clock);
    // The clock is first asked before the sources are listed, and then with every file that is
    // read.
    clock
        .on(HookedClock.FIRST_READING, () -> delete(source))
        .on(HookedClock.SECOND_READING, () -> delete(source));

    LandingSummary summary = landing.land(LandingFixture.paths(folder.resolve("drop")));

    assertThat(summary.of(Outcome.Failed.class))
        .containsExactly(
            new Outcome.Failed("file:" + source, "File file:" + source + " does not exist"));
    assertThat(summary.landed()).hasSize(1);
    assertThat(fixture.files()).isEqualTo(summary.landed());
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void leavesOutWhatAnotherLandingLandedMeanwhile() throws IOException {
    fixture.write("first.csv", "id,name\n0,first\n");
    fixture.landAll();
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    List<LandingSummary> other = new ArrayList<>();
    HookedClock clock =
        new HookedClock(LandingFixture.NOW)
            .on(HookedClock.FIRST_READING, () -> other.add(fixture.land(source)));

    LandingSummary summary = fixture.landing("late", clock).land(LandingFixture.paths(source));

    assertThat(other.get(0).landed()).hasSize(1);
    assertThat(summary.outcomes())
        .containsExactly(
            new Outcome.Repeated("file:" + source, other.get(0).landed().get(0).fileId(), true));
    assertThat(fixture.files()).hasSize(2);
    assertThat(fixture.recorded()).hasSize(2);
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void landsOnlyItsOwnWhereAnotherLandingLandedTheRestMeanwhile() throws IOException {
    fixture.write("first.csv", "id,name\n0,first\n");
    fixture.landAll();
    Path landed = fixture.write("a.csv", LandingFixture.ORDERS);
    Path rejected = fixture.write("b.csv", "name\nAnn\n");
    Path own = fixture.write("c.csv", "id,name\n9,own\n");
    HookedClock clock =
        new HookedClock(LandingFixture.NOW)
            .on(HookedClock.FIRST_READING, () -> fixture.land(landed, rejected));

    LandingSummary summary =
        fixture.landing("late", clock).land(LandingFixture.paths(landed, rejected, own));

    assertThat(summary.outcomes().stream().map(o -> o.getClass().getSimpleName()))
        .containsExactly("Repeated", "Repeated", "Landed");
    assertThat(fixture.files()).hasSize(4).containsAll(summary.landed());
    assertThat(fixture.recorded().get(2)).isEqualTo("[bronze,orders,2,1,0,14,1]");
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void landsEachContentOnceWhereTwoLandingsMakeTheManifestAtOnce() throws Exception {
    assertEachContentLandsOnce(0);
  }

  @Test
  void landsEachContentOnceWhereTwoLandingsCommitAtOnce() throws Exception {
    fixture.write("first.csv", "id,name\n0,first\n");
    fixture.landAll();

    assertEachContentLandsOnce(1);
  }

  private void assertEachContentLandsOnce(int landedBefore) throws Exception {
    Path shared = fixture.write("shared.csv", LandingFixture.ORDERS);
    Path onlyOne = fixture.write("one.csv", "id,name\n1,one\n");
    Path onlyTwo = fixture.write("two.csv", "id,name\n2,two\n");
    CyclicBarrier bothReading = new CyclicBarrier(2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Future<LandingSummary>> landings = new ArrayList<>();
      for (Path own : List.of(onlyOne, onlyTwo)) {
        HookedClock clock =
            new HookedClock(LandingFixture.NOW)
                .on(HookedClock.FIRST_READING, () -> await(bothReading));
        Callable<LandingSummary> landing =
            () -> fixture.landing("run-" + own, clock).land(LandingFixture.paths(shared, own));
        landings.add(pool.submit(landing));
      }
      List<LandingSummary> summaries = List.of(landings.get(0).get(), landings.get(1).get());

      assertThat(summaries.stream().flatMap(s -> s.landed().stream()))
          .hasSize(3)
          .containsExactlyInAnyOrderElementsOf(
              ManifestFile.as(
                  FileLanding.class, fixture.files().subList(landedBefore, landedBefore + 3)));
      assertThat(summaries.stream().flatMap(s -> s.of(Outcome.Repeated.class).stream())).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
    List<ReceivedFile> files = ManifestFile.as(ReceivedFile.class, fixture.files());
    assertThat(files).hasSize(landedBefore + 3);
    assertThat(files.stream().map(ReceivedFile::contentSha256)).doesNotHaveDuplicates();
    assertThat(files.stream().map(ManifestFile::landingSeq)).doesNotHaveDuplicates();
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
    assertThat(
            fixture.ledger().table().read().select("batch_id").collectAsList().stream()
                .map(row -> row.getLong(0)))
        .as("every landing that committed is in the ledger once")
        .containsExactlyInAnyOrderElementsOf(
            files.stream().map(f -> f.landingSeq() / 10_000_000).distinct().toList());
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}

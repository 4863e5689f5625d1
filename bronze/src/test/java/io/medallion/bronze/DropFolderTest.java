package io.medallion.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.contract.Contract;
import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a drop folder lands once, where it is a file of the folder that is at rest. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DropFolderTest {
  @TempDir private Path folder;
  private LandingFixture fixture;
  private Path drop;

  @BeforeEach
  void openFixture() {
    fixture = new LandingFixture(folder);
    drop = folder.resolve("drop");
  }

  private static List<String> names(LandingSummary summary) {
    return summary.landed().stream().map(f -> name(f.sourceUri())).toList();
  }

  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    fixture.write("a.csv", "id,name\n1,a\n");
    fixture.write("sub/b.csv", "id,name\n2,b\n");
    Path secret = Files.writeString(folder.resolve("secret.csv"), "id,name\n3,secret\n");
    Files.createSymbolicLink(drop.resolve("itself"), drop);
    Files.createSymbolicLink(drop.resolve("sub/up"), drop);
    Files.createSymbolicLink(drop.resolve("stolen.csv"), secret);
    Files.createSymbolicLink(drop.resolve("again.csv"), drop.resolve("a.csv"));
    Files.createSymbolicLink(drop.resolve("nowhere.csv"), folder.resolve("gone.csv"));

    LandingSummary summary = fixture.land(drop);

    assertThat(names(summary)).containsExactly("a.csv", "b.csv");
    assertThat(summary.of(Outcome.Skipped.class).stream().map(s -> name(s.sourceUri())))
        .containsExactlyInAnyOrder("itself", "up", "stolen.csv", "again.csv");
    assertThat(summary.of(Outcome.Skipped.class).get(0).reason())
        .isEqualTo("it is a symbolic link: name what it leads to as a source of its own");
    assertThat(fixture.land(drop + "/*.csv").landed()).isEmpty();
  }

  @Test
  void aLinkThatIsNamedItselfIsFollowed() throws IOException {
    fixture.write("a.csv", "id,name\n1,a\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), drop);

    assertThat(names(fixture.land(link))).containsExactly("a.csv");
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    fixture.write("a.csv", "id,name\n1,a\n");
    Path pipe = drop.resolve("pipe.csv");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    LandingSummary summary = fixture.land(drop);

    assertThat(names(summary)).containsExactly("a.csv");
    assertThat(summary.of(Outcome.Skipped.class))
        .containsExactly(new Outcome.Skipped("file:" + pipe, "it is no regular file"));
    assertThatThrownBy(() -> fixture.land(pipe))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "--source "
                + pipe
                + ": it is neither a regular file nor a directory\n    fix: write what a pipe or"
                + " device gives into a file first");
  }

  @Test
  void filesThatAreNotFinishedByTheirNameAreIgnored() {
    for (String name :
        List.of("a.csv.tmp", "b.part", "_SUCCESS", "_temporary/c.csv", ".d.csv", "e.csv~")) {
      fixture.write(name, "id,name\n1," + name + "\n");
    }
    Path named = fixture.write("f.tmp", "id,name\n1,f\n");
    fixture.write("g.csv", "id,name\n1,g\n");

    assertThat(names(fixture.land(drop))).containsExactly("g.csv");
    assertThat(names(fixture.land(drop + "/*"))).isEmpty();
    assertThat(names(fixture.land(named))).containsExactly("f.tmp");
  }

  @Test
  void namesOfAllKindsLand() {
    List<String> odd =
        List.of(
            "100%.csv",
            "a b.csv",
            "a%20b.csv",
            "a#b.csv",
            "a:b.csv",
            "a?b.csv",
            "[2024].csv",
            "it's.csv",
            "say \"hi\".csv",
            "{x}.csv",
            "été 漢字.csv");
    odd.forEach(name -> fixture.write("in/" + name, "id,name\n1," + name.replace('"', 'q') + "\n"));

    LandingSummary summary = fixture.land(drop.resolve("in"));

    assertThat(names(summary)).containsExactlyInAnyOrderElementsOf(odd);
    for (String name : odd) {
      LandingSummary again = fixture.land(drop.resolve("in/" + name));
      assertThat(again.of(Outcome.Repeated.class)).as(name).hasSize(1);
    }
  }

  @Test
  void aFileThatHasJustChangedIsWaitedForAndLandsWhereItIsAtRest() throws IOException {
    Path file = fixture.write("a.csv", "id,name\n1,a\n");
    Files.setLastModifiedTime(file, FileTime.from(LandingFixture.NOW.minusMillis(400)));
    long before = System.nanoTime();

    assertThat(names(fixture.land(drop))).containsExactly("a.csv");

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(600));
  }

  @Test
  void aFileThatIsStillWrittenIsLeftToTheNextRun() throws Exception {
    Path file = fixture.write("a.csv", "id,name\n1,a\n");
    Files.setLastModifiedTime(file, FileTime.from(LandingFixture.NOW));
    Thread writer =
        new Thread(
            () -> {
              LandingFixture.append(file, "2,b");
            });
    Contract contract = OrdersFeed.contractWith("minimumAgeSeconds: 3");
    BronzeLanding landing = landing(contract, LandingFixture.NOW);
    writer.start();
    writer.join();
    Files.setLastModifiedTime(file, FileTime.from(LandingFixture.NOW));
    Thread later =
        new Thread(
            () -> {
              try {
                Thread.sleep(1_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              LandingFixture.append(file, "ob\n");
            });
    later.start();

    LandingSummary summary = landing.land(List.of(drop.toString()));

    later.join();
    assertThat(summary.outcomes())
        .containsExactly(
            new Outcome.Deferred(
                "file:" + file, "it changed less than 3 s ago: run again when its writer is done"));
    Files.setLastModifiedTime(file, FileTime.from(LandingFixture.NOW.minusSeconds(4)));
    assertThat(landing.land(List.of(drop.toString())).records()).isEqualTo(2);
  }

  @Test
  void aFileThatIsTooYoungByFarIsNotWaitedFor() throws IOException {
    Path file = fixture.write("a.csv", "id,name\n1,a\n");
    Files.setLastModifiedTime(file, FileTime.from(LandingFixture.NOW.minusSeconds(60)));

    LandingSummary summary =
        landing(OrdersFeed.contractWith("minimumAgeSeconds: 3600"), LandingFixture.NOW)
            .land(List.of(drop.toString()));

    assertThat(summary.of(Outcome.Deferred.class)).hasSize(1);
    assertThat(
            landing(
                    OrdersFeed.contractWith("minimumAgeSeconds: 3600"),
                    LandingFixture.NOW.plusSeconds(3_600))
                .land(List.of(drop.toString()))
                .landed())
        .hasSize(1);
  }

  @Test
  void aFileWithoutItsMarkerIsLeftToTheNextRun() {
    fixture.write("a.csv", "id,name\n1,a\n");
    fixture.write("a.csv.done", "");
    Path unmarked = fixture.write("b.csv", "id,name\n2,b\n");
    BronzeLanding landing =
        landing(OrdersFeed.contractWith("doneMarker: '{name}.done'"), LandingFixture.NOW);

    LandingSummary summary = landing.land(List.of(drop.toString()));

    assertThat(names(summary)).containsExactly("a.csv");
    assertThat(summary.of(Outcome.Deferred.class))
        .containsExactly(
            new Outcome.Deferred("file:" + unmarked, "its marker b.csv.done is not there yet"));
    fixture.write("b.csv.done", "");
    assertThat(names(landing.land(List.of(drop.toString())))).containsExactly("b.csv");
  }

  private BronzeLanding landing(Contract contract, Instant now) {
    return new BronzeLanding(
        LocalSession.shared(),
        fixture.lake,
        fixture.ledger(),
        contract,
        contract.feed("orders"),
        Clock.fixed(now, ZoneOffset.UTC),
        "run");
  }
}

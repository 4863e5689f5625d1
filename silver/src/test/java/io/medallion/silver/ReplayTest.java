package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.ledger.FileAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ReplayTest {
  private static final Contract MORE_STATES =
      OrdersContract.edited("validValues: [new, sent]", "validValues: [new, sent, lost]");

  private static final List<String> ROWS =
      List.of("[O1,lost]", "[O2,n]", "[O3,lost]", "[O5,again]");
  private static final List<String> QUARANTINED =
      List.of("a.csv#3: line_type", "b.csv#1: state_known");
  private static final List<String> ACCOUNTS =
      List.of("a.csv: 6 = 3 + 0 + 2 + 1", "b.csv: 2 = 1 + 0 + 0 + 1");

  @TempDir private static Path preparedFolder;
  @TempDir private static Path replayedFolder;
  private static SilverFixture prepared;
  private static SilverFixture replayed;
  private static List<Long> before;
  private static Optional<SilverSummary> summary;

  @TempDir private Path folder;

  @BeforeAll
  static void quarantineRecords() {
    prepared = new SilverFixture(preparedFolder);
    prepared.land(
        "a.csv",
        """
        O1,1,2024-03-01,1,new,n,
        O2,1,2024-03-01,1,new,n,
        B1,x,2024-03-01,1,new,n,
        O1,1,2024-03-01,1,lost,lost,
        O3,1,2024-03-01,1,lost,lost,
        O5,1,2024-03-01,1,lost,too early,
        """);
    prepared.run();
    prepared.land("b.csv", "B2,1,2024-03-01,1,odd,n,\nO5,1,2024-03-01,1,new,again,\n");
    prepared.run();
    assertThat(prepared.accounts())
        .containsExactly("a.csv: 6 = 2 + 0 + 0 + 4", "b.csv: 2 = 1 + 0 + 0 + 1");
    before = prepared.versions();
    replayed = prepared.copyTo(replayedFolder);
    summary = replayed.under(MORE_STATES).replay();
  }

  @Test
  void doesNothingWhereNoRecordPasses() {
    SilverFixture fixture = prepared.copyTo(folder);

    assertThat(fixture.replay()).isEmpty();

    assertThat(fixture.versions()).isEqualTo(before);
  }

  @Test
  void bringsInWhatTheContractNowAdmitsAsIfItHadPassedThen() {
    assertReplayed(replayed);
    assertThat(summary.orElseThrow().total()).isEqualTo(new FileAccount("total", 0, 1, 0, 2, -3));
    assertThat(replayed.rows("id", "_record_number"))
        .containsExactly("[O1,4]", "[O2,2]", "[O3,5]", "[O5,2]");
  }

  @Test
  void changesNoVersionWhenItReplaysAgain() {
    SilverFixture fixture = replayed.copyTo(folder).under(MORE_STATES);
    List<Long> versions = fixture.versions();

    assertThat(fixture.replay()).isEmpty();
    assertThat(fixture.run()).isEmpty();

    assertThat(fixture.versions()).isEqualTo(versions);
  }

  @Test
  void replaysOnlyWhatTheFilterSelects() {
    SilverFixture fixture = prepared.copyTo(folder);
    QuarantineFilter onlyO3 =
        new QuarantineFilter(
            Optional.of("orders"),
            Optional.of("state_known"),
            Optional.of("a.csv"),
            Optional.of(5L));

    new Replay(
            fixture.spark,
            fixture.lake,
            fixture.ledger(),
            MORE_STATES,
            java.time.Clock.systemUTC(),
            "replay")
        .run(onlyO3);

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[O1,n]", "[O2,n]", "[O3,lost]", "[O5,again]");
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 6 = 3 + 0 + 0 + 3", "b.csv: 2 = 1 + 0 + 0 + 1");
  }

  @Test
  void appliesAnEditedRuleToNewFilesOnlyUntilTheReplay() {
    SilverFixture fixture = prepared.copyTo(folder);
    fixture.under(MORE_STATES).land("c.csv", "O6,1,2024-03-01,1,lost,n,\n");
    fixture.run();

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[O1,n]", "[O2,n]", "[O5,again]", "[O6,n]");
    assertThat(fixture.quarantined()).hasSize(5);

    fixture.replay();

    assertThat(fixture.rows("id")).containsExactly("[O1]", "[O2]", "[O3]", "[O5]", "[O6]");
    assertThat(fixture.quarantined()).isEqualTo(QUARANTINED);
  }

  @Test
  void killedAfterTheMark() {
    SilverFixture fixture = replayed.copyTo(folder).under(MORE_STATES);
    fixture.undoAfter(fixture.quarantine(), before.get(1) + 1);
    fixture.undoAfter(fixture.silver(), before.get(0));
    fixture.undoAfter(fixture.ledger().table(), before.get(2));

    fixture.run();

    assertThat(fixture.accounts())
        .containsExactly("a.csv: 6 = 2 + 0 + 0 + 4", "b.csv: 2 = 1 + 0 + 0 + 1");
    fixture.replay();
    assertReplayed(fixture);
  }

  @Test
  void killedAfterTheMarkOfASecondReplayInOneProcess() {
    SilverFixture fixture = replayed.copyTo(folder);
    List<Long> first = fixture.versions();
    Contract all =
        OrdersContract.edited("validValues: [new, sent]", "validValues: [new, sent, lost, odd]");
    fixture.under(all).replay();
    fixture.undoAfter(fixture.quarantine(), first.get(1) + 1);
    fixture.undoAfter(fixture.silver(), first.get(0));
    fixture.undoAfter(fixture.ledger().table(), first.get(2));

    fixture.run();

    assertReplayed(fixture);
    fixture.replay();
    assertThat(fixture.rows("id")).containsExactly("[B2]", "[O1]", "[O2]", "[O3]", "[O5]");
    assertThat(fixture.quarantined()).containsExactly("a.csv#3: line_type");
    assertThat(fixture.accounts()).contains("b.csv: 2 = 2 + 0 + 0 + 0");
  }

  @Test
  void killedAfterTheTable() {
    SilverFixture fixture = replayed.copyTo(folder).under(MORE_STATES);
    fixture.undoAfter(fixture.quarantine(), before.get(1) + 1);
    fixture.undoAfter(fixture.ledger().table(), before.get(2));

    fixture.run();

    assertReplayed(fixture);
  }

  @Test
  void killedAfterTheLedger() {
    SilverFixture fixture = replayed.copyTo(folder).under(MORE_STATES);
    fixture.undoAfter(fixture.quarantine(), before.get(1) + 1);

    fixture.run();

    assertReplayed(fixture);
  }

  private static void assertReplayed(SilverFixture fixture) {
    assertThat(fixture.rows("id", "note")).isEqualTo(ROWS);
    assertThat(fixture.quarantined()).isEqualTo(QUARANTINED);
    assertThat(fixture.accounts()).isEqualTo(ACCOUNTS);
  }

  @Test
  void aQuarantineThatWasMadeAnewLosesNoRecordToANumberThatTheTableHas() throws IOException {
    SilverFixture fixture = replayed.copyTo(folder).under(MORE_STATES);
    FileUtils.deleteDirectory(Path.of(fixture.quarantine().path()).toFile());
    DeltaLog.clearCache();
    fixture.land("c.csv", "O7,1,2024-03-01,1,stray,n,\n");
    fixture.run();
    assertThat(fixture.quarantined()).containsExactly("c.csv#1: state_known");

    Optional<SilverSummary> done =
        fixture
            .under(
                OrdersContract.edited(
                    "validValues: [new, sent]", "validValues: [new, sent, lost, stray]"))
            .replay();

    assertThat(done.orElseThrow().total().accepted()).isEqualTo(1);
    assertThat(fixture.quarantined()).isEmpty();
    assertThat(fixture.rows("id")).contains("[O7]");
  }
}

package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A batch that is cut off between any two of its commits is completed by the next run. */
@Tag("slow")
@ParameterizedClass
@EnumSource(Way.class)
class SilverRestartTest {
  private static final List<String> ROWS = List.of("[O1,changed]", "[O2,n]", "[O3,n]");
  private static final List<String> QUARANTINED =
      List.of("a.csv#3: line_type", "b.csv#3: line_type", "b.csv#4: state_known");
  private static final List<String> ACCOUNTS =
      List.of("a.csv: 3 = 1 + 0 + 1 + 1", "b.csv: 5 = 2 + 1 + 0 + 2");

  @TempDir private static Path preparedFolder;
  private static SilverFixture prepared;
  private static long silverBefore;
  private static long quarantineBefore;
  private static long ledgerBefore;

  @TempDir private Path folder;
  private SilverFixture fixture;

  @Parameter Way way;

  @BeforeParameterizedClassInvocation
  static void runTwoBatches(Way way) throws IOException {
    prepared = new SilverFixture(Files.createTempDirectory(preparedFolder, "lake")).by(way);
    prepared.land(
        "a.csv", "O1,1,2024-03-01,1,new,n,\nO2,1,2024-03-01,1,new,n,\nB1,x,2024-03-01,1,new,n,\n");
    prepared.run();
    silverBefore = prepared.silver().version();
    quarantineBefore = prepared.quarantine().version();
    ledgerBefore = prepared.ledger().table().version();
    prepared.land(
        "b.csv",
        "O1,1,2024-03-01,1,new,changed,\nO3,1,2024-03-01,1,new,n,\nB2,x,2024-03-01,1,new,n,\n"
            + "B3,1,2024-03-01,1,lost,n,\nO2,1,2024-03-01,1,new,n,\n");
    prepared.run();
    assertComplete(prepared);
  }

  @BeforeEach
  void copyPrepared() {
    fixture = prepared.copyTo(folder);
  }

  @Test
  void beforeAnyCommit() {
    fixture.undoAfter(fixture.quarantine(), quarantineBefore);
    fixture.undoAfter(fixture.silver(), silverBefore);
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.forgetLastBatch();

    fixture.run();

    assertComplete(fixture);
  }

  @Test
  void afterTheQuarantine() {
    fixture.undoAfter(fixture.silver(), silverBefore);
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.forgetLastBatch();

    fixture.run();

    assertComplete(fixture);
  }

  @Test
  void afterTheQuarantineUnderAContractThatWasEditedThen() {
    fixture.undoAfter(fixture.silver(), silverBefore);
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.forgetLastBatch();

    fixture
        .under(OrdersContract.edited("validValues: [new, sent]", "validValues: [new, sent, lost]"))
        .run();

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[B3,n]", "[O1,changed]", "[O2,n]", "[O3,n]");
    assertThat(fixture.quarantined()).containsExactly("a.csv#3: line_type", "b.csv#3: line_type");
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 3 = 1 + 0 + 1 + 1", "b.csv: 5 = 3 + 1 + 0 + 1");
  }

  @Test
  void afterTheTable() {
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.forgetLastBatch();
    long silver = fixture.silver().version();
    long quarantine = fixture.quarantine().version();

    fixture.run();

    assertComplete(fixture);
    assertThat(fixture.silver().version()).isEqualTo(silver);
    assertThat(fixture.quarantine().version()).isEqualTo(quarantine);
  }

  @Test
  void afterTheLedger() {
    List<Long> versions = fixture.versions();
    fixture.forgetLastBatch();

    fixture.run();

    assertComplete(fixture);
    assertThat(fixture.versions()).isEqualTo(versions);
  }

  @Test
  void afterTheQuarantineOfABatchThatGainsNoRow() {
    long ledger = fixture.ledger().table().version();
    fixture.land("c.csv", "B4,x,2024-03-01,1,new,n,\nO3,1,2024-03-01,1,new,n,\n");
    fixture.run();
    List<String> quarantined = fixture.quarantined();
    List<String> accounts = fixture.accounts();
    fixture.undoAfter(fixture.ledger().table(), ledger);
    fixture.forgetLastBatch();

    fixture.run();

    assertThat(fixture.rows("id", "note")).isEqualTo(ROWS);
    assertThat(fixture.quarantined()).isEqualTo(quarantined).hasSize(4);
    assertThat(fixture.accounts()).isEqualTo(accounts).contains("c.csv: 2 = 0 + 1 + 0 + 1");
  }

  @Test
  void afterTheTableWithTheCheckpointLostAndAFileLandedSince() {
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.loseCheckpoint();
    fixture.land("c.csv", "O4,1,2024-03-01,1,new,n,\nB4,x,2024-03-01,1,new,n,\n");

    fixture.run();

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[O1,changed]", "[O2,n]", "[O3,n]", "[O4,n]");
    assertThat(fixture.quarantined()).hasSize(4).containsAll(QUARANTINED);
    assertThat(fixture.accounts())
        .containsExactly(ACCOUNTS.get(0), ACCOUNTS.get(1), "c.csv: 2 = 1 + 0 + 0 + 1");
  }

  @Test
  void afterTheQuarantineWithTheCheckpointLostAndAFileLandedSince() {
    fixture.undoAfter(fixture.silver(), silverBefore);
    fixture.undoAfter(fixture.ledger().table(), ledgerBefore);
    fixture.loseCheckpoint();
    fixture.land("c.csv", "O4,1,2024-03-01,1,new,n,\nB4,x,2024-03-01,1,new,n,\n");

    fixture.run();

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[O1,changed]", "[O2,n]", "[O3,n]", "[O4,n]");
    assertThat(fixture.quarantined()).hasSize(4).containsAll(QUARANTINED);
    assertThat(fixture.accounts())
        .containsExactly(ACCOUNTS.get(0), ACCOUNTS.get(1), "c.csv: 2 = 1 + 0 + 0 + 1");
  }

  @Test
  void withTheCheckpointLost() {
    List<Long> versions = fixture.versions();
    fixture.loseCheckpoint();

    assertThat(fixture.run()).isEmpty();

    assertComplete(fixture);
    assertThat(fixture.versions()).isEqualTo(versions);
  }

  private static void assertComplete(SilverFixture fixture) {
    assertThat(fixture.rows("id", "note")).isEqualTo(ROWS);
    assertThat(fixture.quarantined()).isEqualTo(QUARANTINED);
    assertThat(fixture.accounts()).isEqualTo(ACCOUNTS);
  }
}

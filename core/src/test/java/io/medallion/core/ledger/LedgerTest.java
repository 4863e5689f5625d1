package io.medallion.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir private Path folder;
  private Ledger ledger;

  @BeforeEach
  void openLedger() {
    ledger = new Ledger(LocalSession.shared(), new Lake(folder.toString()));
  }

  @Test
  void knowsNoBatchBeforeTheFirst() {
    assertThat(ledger.lastBatch("silver", "orders")).isEqualTo(-1);
    assertThat(ledger.holds("silver", "orders", 0)).isFalse();
    assertThat(ledger.last("silver", "orders")).isEmpty();
    assertThat(ledger.table().exists()).isFalse();
  }

  @Test
  void holdsABatchOnceHoweverOftenItIsAppended() {
    ledger.append(EntryJsonTest.ENTRY);
    long version = ledger.table().version();
    ledger.append(EntryJsonTest.ENTRY);

    assertThat(ledger.table().version()).isEqualTo(version);
    List<Row> rows = ledger.table().read().collectAsList();
    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat(row.<Long>getAs("duration_ms")).isEqualTo(2376);
    assertThat(row.<Long>getAs("records")).isEqualTo(10);
    assertThat(row.<Long>getAs("accepted")).isEqualTo(5);
    assertThat(row.<Long>getAs("duplicates")).isEqualTo(2);
    assertThat(row.<Long>getAs("superseded")).isEqualTo(2);
    assertThat(row.<Long>getAs("quarantined")).isEqualTo(1);
    assertThat(row.<Row>getList(row.fieldIndex("accounts")).stream().map(Row::toString))
        .containsExactly("[f1,10,6,2,1,1]", "[f2,0,-1,0,1,0]");
    assertThat(ledger.last("silver", "orders"))
        .contains(
            new Entry(
                "run-1",
                "silver",
                "orders",
                7,
                "abc",
                EntryJsonTest.ENTRY.startedAt(),
                EntryJsonTest.ENTRY.finishedAt(),
                2,
                1,
                3_000_000_000L,
                4,
                5,
                EntryJsonTest.ENTRY.versions(),
                List.of()));
    assertThat(ledger.holds("silver", "orders", 7)).isTrue();
    assertThat(ledger.holds("silver", "orders", 8)).isFalse();
    assertThat(ledger.holds("silver", "items", 7)).isFalse();
    assertThat(ledger.holds("gold", "orders", 7)).isFalse();
  }
}

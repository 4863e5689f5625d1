package io.medallion.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.testkit.LocalSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    assertThat(ledger.last("silver", "orders")).contains(EntryJsonTest.ENTRY.withoutAccounts());
    assertThat(ledger.holds("silver", "orders", 7)).isTrue();
    assertThat(ledger.holds("silver", "orders", 8)).isFalse();
    assertThat(ledger.holds("silver", "items", 7)).isFalse();
    assertThat(ledger.holds("gold", "orders", 7)).isFalse();
  }

  @Test
  void remembersWhatItWroteAsItIsRead() {
    ledger.append(EntryJsonTest.ENTRY);

    assertThat(ledger.last("silver", "orders"))
        .isEqualTo(anotherProcess().last("silver", "orders"));
    assertThat(ledger.last("silver", "orders")).containsSame(last());
  }

  @Test
  void readsAnEntryOnce() {
    anotherProcess().append(EntryJsonTest.ENTRY);

    assertThat(ledger.last("silver", "orders")).containsSame(last());
  }

  @Test
  void seesWhatAnotherProcessAppends() {
    ledger.append(entry("orders", 7, "s", 0));
    assertThat(ledger.lastBatch("silver", "items")).isEqualTo(-1);
    Ledger other = anotherProcess();
    other.append(entry("orders", 8, "s", 1));
    other.append(entry("items", 0, "t", 0));

    assertThat(last().batchId()).isEqualTo(8);
    assertThat(ledger.lastBatch("silver", "items")).isZero();
    ledger.append(entry("orders", 8, "s", 1));
    assertThat(ledger.table().version()).isEqualTo(2);
  }

  @Test
  void keepsWhatItKnowsOfOneSubjectWhileAnotherIsWritten() {
    ledger.append(EntryJsonTest.ENTRY);
    Entry known = last();
    ledger.append(entry("items", 0, "t", 0));

    assertThat(last()).isSameAs(known);
  }

  @Test
  void numbersTheBatchesOfAStreamAfterTheLastEntry() {
    assertThat(number("s", 3)).isEqualTo(3);
    ledger.append(entry("orders", 3, "s", 3));
    assertThat(number("s", 5)).isEqualTo(5);
    assertThat(number("new checkpoint", 0)).isEqualTo(4);
    assertThat(number("new checkpoint", 2)).isEqualTo(6);
    ledger.append(entry("orders", 6, "new checkpoint", 2));
    assertThat(number("new checkpoint", 3)).isEqualTo(7);
  }

  @Test
  void appendsFromSeveralThreads() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> appends = new ArrayList<>();
      for (String subject : List.of("a", "b", "c", "d")) {
        appends.add(pool.submit(() -> ledger.append(entry(subject, 0, "s", 0))));
      }
      for (Future<?> append : appends) {
        append.get();
      }
    } finally {
      pool.shutdownNow();
    }

    for (String subject : List.of("a", "b", "c", "d")) {
      assertThat(ledger.last("silver", subject)).contains(entry(subject, 0, "s", 0));
    }
  }

  @Test
  void recoversOnlyWhatCommittedAfterTheLastEntry() {
    List<Long> asked = new ArrayList<>();
    Recovery.Commits commits =
        lastBatch -> {
          asked.add(lastBatch);
          return lastBatch < 1
              ? List.of(entry("orders", 0, "s", 0), entry("orders", 1, "s", 1))
              : List.of();
        };

    Recovery.complete(ledger, "silver", "orders", commits);
    Recovery.complete(ledger, "silver", "orders", commits);

    assertThat(asked).containsExactly(-1L, 1L);
    assertThat(ledger.table().version()).isEqualTo(1);
    assertThat(last()).isEqualTo(entry("orders", 1, "s", 1));
  }

  private Entry last() {
    return ledger.last("silver", "orders").orElseThrow();
  }

  private long number(String stream, long batch) {
    return ledger.number("silver", "orders", new Entry.StreamBatch(stream, batch));
  }

  private Ledger anotherProcess() {
    return new Ledger(LocalSession.shared(), new Lake(folder.toString()));
  }

  private static Entry entry(String subject, long number, String stream, long batch) {
    return Entry.ofBatch("silver", subject, number)
        .runId("run")
        .fingerprint("abc")
        .between(EntryJsonTest.ENTRY.startedAt(), EntryJsonTest.ENTRY.finishedAt())
        .stream(new Entry.StreamBatch(stream, batch))
        .build();
  }
}

package io.medallion.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryJsonTest {
  static final Entry ENTRY =
      Entry.ofBatch("silver", "orders", 7)
          .runId("run-1")
          .fingerprint("abc")
          .between(
              Instant.parse("2024-03-01T10:00:00.123456Z"), Instant.parse("2024-03-01T10:00:02.5Z"))
          .filesIn(2)
          .filesRejected(1)
          .bytes(3_000_000_000L)
          .rowsIn(4)
          .rowsWritten(5)
          .versions(Map.of("silver.orders", 9L, "ops.runs", 3L))
          .accounts(
              List.of(new FileAccount("f1", 10, 6, 2, 1, 1), new FileAccount("f2", 0, -1, 0, 1, 0)))
          .build();

  @Test
  void readsWhatItWrites() {
    assertThat(EntryJson.read(EntryJson.write(ENTRY))).contains(ENTRY);
  }

  @Test
  void readsTheEntryOfAnEarlierCommit() {
    assertThat(
            EntryJson.read(
                "{\"medallion\":{\"runId\":\"run-1\",\"job\":\"silver\",\"subject\":\"orders\",\"batchId\":7,"
                    + "\"fingerprint\":\"abc\",\"startedAt\":\"2024-03-01T10:00:00.123456Z\","
                    + "\"finishedAt\":\"2024-03-01T10:00:02.500Z\",\"filesIn\":2,\"filesRejected\":1,"
                    + "\"bytes\":3000000000,\"rowsIn\":4,\"rowsWritten\":5,"
                    + "\"versions\":{\"silver.orders\":9,\"ops.runs\":3},"
                    + "\"stream\":{\"streamId\":\"\",\"number\":-1},"
                    + "\"accounts\":[{\"fileId\":\"f1\",\"records\":10,\"accepted\":6,\"duplicates\":2,"
                    + "\"superseded\":1,\"quarantined\":1},{\"fileId\":\"f2\",\"records\":0,"
                    + "\"accepted\":-1,\"duplicates\":0,\"superseded\":1,\"quarantined\":0}]}}"))
        .contains(ENTRY);
  }

  @Test
  void leavesTheMetadataOfOtherWritersAlone() {
    assertThat(EntryJson.read(null)).isEmpty();
    assertThat(EntryJson.read("")).isEmpty();
    assertThat(EntryJson.read("{\"pipeline\": 3}")).isEmpty();
  }

  @Test
  void failsOnABrokenEntry() {
    assertThatThrownBy(() -> EntryJson.read("{\"medallion\":[1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a commit carries a broken ledger entry: {\"medallion\":[1");
  }

  @Test
  void addsUpTheAccountsOfAllFiles() {
    assertThat(ENTRY.total()).isEqualTo(new FileAccount("total", 10, 5, 2, 2, 1));
  }
}

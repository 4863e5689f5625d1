package io.medallion.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryJsonTest {
  static final Entry ENTRY =
      new Entry(
          "run-1",
          "silver",
          "orders",
          7,
          "abc",
          Instant.parse("2024-03-01T10:00:00.123456Z"),
          Instant.parse("2024-03-01T10:00:02.5Z"),
          2,
          1,
          3_000_000_000L,
          4,
          5,
          Map.of("silver.orders", 9L, "ops.runs", 3L),
          List.of(new FileAccount("f1", 10, 6, 2, 1, 1), new FileAccount("f2", 0, -1, 0, 1, 0)));

  @Test
  void readsWhatItWrites() {
    assertThat(EntryJson.read(EntryJson.write(ENTRY))).contains(ENTRY);
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

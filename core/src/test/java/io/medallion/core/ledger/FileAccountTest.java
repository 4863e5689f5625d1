package io.medallion.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FileAccountTest {

  @Test
  void refusesRecordsThatAreLost() {
    assertThatThrownBy(() -> new FileAccount("f1", 10, 5, 2, 1, 1))
        .isInstanceOf(ConservationException.class)
        .hasMessage(
            "file f1: 10 records in, but 5 accepted + 2 duplicates + 1 superseded + 1 quarantined"
                + " = 9. Nothing was committed. Records were lost or counted twice between landing"
                + " and silver; run the command again, and report it if it stays.");
  }

  @Test
  void refusesRecordsThatAreCountedTwice() {
    assertThatThrownBy(() -> new FileAccount("f1", 1, 1, 1, 0, 0))
        .isInstanceOf(ConservationException.class)
        .hasMessageStartingWith("file f1: 1 records in, but 1 accepted + 1 duplicates");
  }

  @Test
  void booksAMoveAsTwoOppositeCounts() {
    FileAccount replaced = new FileAccount("f1", 0, -1, 0, 1, 0);

    assertThat(new FileAccount("f1", 3, 2, 0, 0, 1).plus(replaced))
        .isEqualTo(new FileAccount("f1", 3, 1, 0, 1, 1));
  }
}

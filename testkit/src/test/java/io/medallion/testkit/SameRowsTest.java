package io.medallion.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameRowsTest {
  private static final String TWICE =
      "VALUES (1, 'a', array('x')), (1, 'a', array('x')), (2, NULL, NULL) AS t(n, s, a)";

  private static Dataset<Row> rows(String table) {
    return LocalSession.shared().sql("SELECT * FROM " + table);
  }

  @Test
  void orderDoesNotMatter() {
    SameRows.assertSame(rows(TWICE), rows(TWICE).sort("s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUES (1, 'a', array('x')), (2, NULL, NULL) AS t(n, s, a)",
        "VALUES (1, 'a', array('x')), (2, NULL, NULL), (2, NULL, NULL) AS t(n, s, a)",
        "VALUES (1, 'a', array('x')), (1, 'a', array('y')), (2, NULL, NULL) AS t(n, s, a)",
        "VALUES (1, 'a', array('x')), (1, 'a', array('x')), (2, '', NULL) AS t(n, s, a)",
        "VALUES (1, 'a', array('x')), (1, 'a', array('x')), (2, NULL, NULL) AS t(n, s, b)",
        "(SELECT * FROM VALUES (1, 'a', array('x')) AS t(n, s, a) WHERE n > 1)"
      })
  void whateverDiffersFails(String other) {
    for (List<Dataset<Row>> pair :
        List.of(List.of(rows(TWICE), rows(other)), List.of(rows(other), rows(TWICE)))) {
      assertThatThrownBy(() -> SameRows.assertSame(pair.get(0), pair.get(1)))
          .isInstanceOf(AssertionError.class);
    }
  }
}

package io.medallion.warehouse.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class LayoutChangeTest {
  private static final StructType HELD = StructType.fromDDL("a INT, b DECIMAL(10,2), c STRING");

  private static List<String> losses(String wanted) {
    return LayoutChange.between(HELD, StructType.fromDDL(wanted)).orElseThrow().losses();
  }

  @Test
  void theSameColumnsAreNoChange() {
    assertThat(LayoutChange.between(HELD, HELD)).isEmpty();
  }

  @Test
  void moreAndWiderColumnsCommentsAndAnotherOrderLoseNothing() {
    assertThat(losses("c STRING, b DECIMAL(12,3), a BIGINT, d DATE")).isEmpty();
    assertThat(losses("a INT COMMENT 'x', b DECIMAL(10,2), c STRING")).isEmpty();
    assertThat(losses("a INT NOT NULL, b DECIMAL(10,2), c STRING")).isEmpty();
  }

  @Test
  void everyLossIsNamed() {
    assertThat(losses("a STRING, b DECIMAL(12,1)"))
        .containsExactly(
            "column a would turn from INT into STRING",
            "column b would turn from DECIMAL(10,2) into DECIMAL(12,1)",
            "column c would go");
    assertThat(losses("a INT, b DECIMAL(11,4), c STRING"))
        .containsExactly("column b would turn from DECIMAL(10,2) into DECIMAL(11,4)");
  }
}

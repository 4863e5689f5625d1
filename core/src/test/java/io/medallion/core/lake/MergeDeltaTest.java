package io.medallion.core.lake;

import java.util.List;

class MergeDeltaTest extends RowDeltaTest {
  @Override
  RowDelta way() {
    return new MergeDelta(List.of("id"));
  }
}

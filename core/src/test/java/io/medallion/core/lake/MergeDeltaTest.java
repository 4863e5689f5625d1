package io.medallion.core.lake;

import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MergeDeltaTest extends RowDeltaTest {
  @Override
  RowDelta way() {
    return new MergeDelta(List.of("id"));
  }
}

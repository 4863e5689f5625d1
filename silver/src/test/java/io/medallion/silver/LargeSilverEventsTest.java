package io.medallion.silver;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * Landed events through silver, in batches that are processed like large ones. Plans are
 * interpreted: {@link LargeSilverStreamTest} compiles those that both have in common, and the
 * streams that tests start as processes compile all.
 */
@Tag("slow")
class LargeSilverEventsTest extends SilverEventsTest {
  @BeforeEach
  void workLikeOnMany() {
    fixture.asLarge();
  }
}

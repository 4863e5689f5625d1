package io.medallion.silver;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Landed events through silver, in batches that are worked on like large ones. */
@Tag("slow")
class LargeSilverEventsTest extends SilverEventsTest {
  @BeforeEach
  void workLikeOnMany() {
    fixture.asLarge();
  }
}

package io.medallion.silver;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Landed files through silver, in batches that are worked on like large ones. */
@Tag("slow")
class LargeSilverStreamTest extends SilverStreamTest {
  @BeforeEach
  void workLikeOnMany() {
    fixture.asLarge();
  }
}

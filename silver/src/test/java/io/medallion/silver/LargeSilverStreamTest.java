package io.medallion.silver;

import io.medallion.testkit.LocalSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * Landed files through silver, in batches that are processed like large ones, by compiled plans.
 */
@Tag("slow")
class LargeSilverStreamTest extends SilverStreamTest {
  @BeforeEach
  void workLikeOnMany() {
    fixture.asLarge();
    LocalSession.compilePlans();
  }

  @AfterEach
  void interpretAgain() {
    LocalSession.interpretPlans();
  }
}

package io.medallion.silver;

import io.medallion.testkit.LocalSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Landed files through silver, in batches that are processed like large ones; by compiled plans
 * where every kind of record goes through, and where a row is replaced. The other tests make the
 * same plans.
 */
@Tag("slow")
class LargeSilverStreamTest extends SilverStreamTest {
  @BeforeEach
  void workLikeOnMany() {
    fixture.asLarge();
  }

  @AfterEach
  void interpretAgain() {
    LocalSession.interpretPlans();
  }

  @Override
  @Test
  void survivesEveryKindOfBadFileInOneBatchAndLosesNothing() {
    LocalSession.compilePlans();
    super.survivesEveryKindOfBadFileInOneBatchAndLosesNothing();
  }

  @Override
  @Test
  void letsALaterRecordTakeTheRowsPlaceAndBooksItOnBothFiles() {
    LocalSession.compilePlans();
    super.letsALaterRecordTakeTheRowsPlaceAndBooksItOnBothFiles();
  }
}

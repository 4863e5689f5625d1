package io.medallion.testkit;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Compares whole data sets by spark-testing-base, on the shared session. */
public final class SameRows {
  private static final Suite SUITE = new Suite();

  private SameRows() {}

  private static final class Suite extends JavaDatasetSuiteBase {
    private static final long serialVersionUID = 1L;

    @Override
    public SparkSession spark() {
      return LocalSession.shared();
    }
  }

  /** Fails unless both have the same columns and, in any order, the same rows as often. */
  public static void assertSame(Dataset<Row> expected, Dataset<Row> actual) {
    SUITE.assertDataFrameNoOrderEquals(expected, actual);
  }
}

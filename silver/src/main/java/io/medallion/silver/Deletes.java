package io.medallion.silver;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Ledger;
import io.medallion.silver.parse.SilverColumns;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The deletes in force, for the reconciliation. */
public final class Deletes {
  private Deletes() {}

  /**
   * Deletes in force, by the file that brought them: those of keys for which nothing later has
   * come. The ledger counts them as accepted, though silver holds no row for them.
   */
  public static Map<String, Long> standingByFile(
      SparkSession spark, Lake lake, Ledger ledger, Contract contract) {
    DeletesTable deletes = new DeletesTable(spark, lake, ledger, contract);
    Map<String, Long> counts = new HashMap<>();
    if (deletes.exists()) {
      SilverTable silver = new SilverTable(spark, lake, contract);
      for (Row row :
          deletes
              .standing(silver.table().read())
              .groupBy(SilverColumns.FILE_ID)
              .count()
              .collectAsList()) {
        counts.put(row.getString(0), row.getLong(1));
      }
    }
    return counts;
  }
}

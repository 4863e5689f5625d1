package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** Surrogate keys: a function of business key and first day of validity, never of the run. */
public final class SurrogateKey {
  /** The unknown member's key, in every dimension. */
  public static final long UNKNOWN = 0L;

  /** Stands in for a hash of 0, which is the unknown member's. */
  private static final long INSTEAD_OF_UNKNOWN = 1L;

  private SurrogateKey() {}

  /**
   * The key of a version.
   *
   * <p>Spark's hash passes over NULL, so that (a, NULL, b) and (a, b, NULL) would share a key; the
   * flags keep them apart.
   *
   * @param businessKey columns of the business key, in the dimension's order
   * @param validFrom the version's first day; a constant where a member has one row only
   */
  static Column of(List<String> businessKey, Column validFrom) {
    List<Column> hashed = new ArrayList<>();
    for (String column : businessKey) {
      hashed.add(col(column).isNull());
      hashed.add(col(column));
    }
    hashed.add(validFrom);
    Column hash = xxhash64(hashed.toArray(Column[]::new));
    return when(hash.equalTo(lit(UNKNOWN)), lit(INSTEAD_OF_UNKNOWN)).otherwise(hash);
  }
}

package io.medallion.core.sql;

import org.apache.spark.sql.types.StructType;

/** Says what becomes of SQL expressions of contracts and stars as these are read. */
@FunctionalInterface
public interface SqlAnalyser {
  /** Spark's own parser and analyser, which take seconds to load. */
  SqlAnalyser SPARK = (sql, columns) -> SqlExpressions.analyse(sql, columns);

  /** Takes every expression as it is written: for who computes none. */
  SqlAnalyser NONE = (sql, columns) -> new SqlExpression.Unread();

  /** What {@code sql} is over rows of {@code columns}. */
  SqlExpression analyse(String sql, StructType columns);
}

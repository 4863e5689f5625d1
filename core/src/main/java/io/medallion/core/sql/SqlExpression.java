package io.medallion.core.sql;

import java.util.Set;
import org.apache.spark.sql.types.DataType;

/** What Spark makes of a SQL expression over the columns of a table. */
public sealed interface SqlExpression {

  /**
   * An expression that Spark can compute.
   *
   * @param type the type of its value
   * @param columns the table's columns it reads
   * @param aggregate whether it gives one value for all rows instead of one for each
   */
  record Valid(DataType type, Set<String> columns, boolean aggregate) implements SqlExpression {
    public Valid {
      columns = Set.copyOf(columns);
    }
  }

  /**
   * An expression that Spark cannot compute, or whose value depends on when it is computed.
   *
   * @param problem why, as a clause that follows the expression: "does not parse: …"
   */
  record Invalid(String problem, String fix) implements SqlExpression {}

  /** An expression that was not looked at. */
  record Unread() implements SqlExpression {}
}

package io.medallion.warehouse;

import java.util.Map;

/** A warehouse as who only looks at it sees it. */
public interface LoadedWarehouse extends AutoCloseable {

  /** The kind of warehouse, as an option names it: {@code duckdb}. */
  String kind();

  /** Where it is, for messages: a file, or account, database and schema. Never a secret. */
  String place();

  /** The version of gold that each loaded table of a star holds, by the table's name. */
  Map<String, GoldVersion> versions(String star);

  /** The number of rows of a table. */
  long rows(String table);

  /**
   * The number of rows of a table by one column, as {@code medallion reconcile} counts them.
   *
   * @param column a text column without NULL
   * @return rows by value
   */
  Map<String, Long> countBy(String table, String column);

  /**
   * Answers a query that changes nothing.
   *
   * @param most rows that are fetched
   * @throws io.medallion.core.ConfigurationException where the text is no query, or the warehouse
   *     refuses it
   */
  QueryAnswer query(String sql, int most);

  @Override
  void close();
}

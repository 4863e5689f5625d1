package io.medallion.core.rows;

import org.apache.spark.sql.SparkSession;

/** How many rows are few enough for the driver's memory. */
public final class DriverRows {
  /** The setting up to which so many changed rows are worked on in the driver's memory. */
  public static final String SETTING = "spark.medallion.driverRows";

  private static final String DEFAULT = "50000";

  private DriverRows() {}

  /** The number of changed rows that a session's setting names; with 0 Spark plans all work. */
  public static int most(SparkSession session) {
    return Integer.parseInt(session.conf().get(SETTING, DEFAULT));
  }
}

package io.medallion.warehouse.snowflake;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A connection as the loader has it. */
public final class SnowflakeAccess {
  private SnowflakeAccess() {}

  public static Connection connect(SnowflakeSettings settings) throws SQLException {
    return DriverManager.getConnection(settings.url(), settings.driverProperties());
  }
}

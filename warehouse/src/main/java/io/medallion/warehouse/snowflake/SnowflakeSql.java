package io.medallion.warehouse.snowflake;

import io.medallion.core.LakeException;
import io.medallion.warehouse.jdbc.ColumnTypes;
import io.medallion.warehouse.jdbc.Dialect;
import io.medallion.warehouse.jdbc.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import net.snowflake.client.jdbc.SnowflakeSQLException;
import org.apache.spark.sql.types.DataTypes;

/** Runs statements in Snowflake; its exceptions are reported with the id of their query. */
final class SnowflakeSql extends Statements {
  private static final int LACKS_PRIVILEGE = 3001;
  static final Dialect DIALECT =
      new Dialect(
          new ColumnTypes(
              "Snowflake",
              "NUMBER",
              Map.of(
                  DataTypes.StringType, "VARCHAR",
                  DataTypes.LongType, "NUMBER(19,0)",
                  DataTypes.IntegerType, "NUMBER(10,0)",
                  DataTypes.DateType, "DATE",
                  DataTypes.TimestampType, "TIMESTAMP_NTZ(6)",
                  DataTypes.BooleanType, "BOOLEAN")),
          name -> name.toUpperCase(Locale.ROOT),
          text -> text.replace("\\", "\\\\").replace("'", "''"));

  SnowflakeSql(Connection connection) {
    super(connection, DIALECT);
  }

  @Override
  public boolean exists(String table) {
    return number(
            "SELECT count(*) FROM information_schema.tables"
                + " WHERE table_schema = current_schema() AND table_name = ?",
            table.toUpperCase(Locale.ROOT))
        > 0;
  }

  @Override
  protected LakeException refused(String sql, SQLException e) {
    return failed(sql, e);
  }

  static LakeException failed(String what, SQLException e) {
    String query =
        e instanceof SnowflakeSQLException s && s.getQueryId() != null
            ? " (query " + s.getQueryId() + ")"
            : "";
    return new LakeException(
        "Snowflake refused"
            + query
            + ", code "
            + e.getErrorCode()
            + ": "
            + String.valueOf(e.getMessage()).strip()
            + "\n  in: "
            + what,
        e.getErrorCode() == LACKS_PRIVILEGE
            ? "grant the role USAGE on database, schema and warehouse, and CREATE TABLE, CREATE VIEW and"
                + " CREATE STAGE in the schema; nothing of the load was kept"
            : "see the message; nothing of the load was kept",
        e);
  }
}

package io.medallion.warehouse.snowflake;

import static io.medallion.warehouse.snowflake.SnowflakeSql.DIALECT;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;

import io.medallion.core.LakeException;
import io.medallion.warehouse.LoadRows;
import io.medallion.warehouse.TableLoad;
import io.medallion.warehouse.layout.TargetColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import net.snowflake.spark.snowflake.DefaultSource;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;

/**
 * A temporary table of one load, into which the rows of one table go.
 *
 * <p>Days and instants go over as text: the connector would write them in the JVM's time zone and
 * calendar, which shifts instants where that is not UTC and days before 1582 anywhere.
 *
 * @param name in Snowflake, in upper case
 */
record LoadTable(String name, TableLoad load) {
  private static final String PREFIX = "MEDALLION_LOAD_";

  /** The table for the n-th table of a load; {@code unique} differs from load to load. */
  static LoadTable of(TableLoad load, long epochSecond, String unique, int n) {
    return new LoadTable(
        (PREFIX + epochSecond + "_" + unique + "_" + n).toUpperCase(Locale.ROOT), load);
  }

  /** SnowflakeTables that loads left behind which began before {@code epochSecond}. */
  static List<String> leftBehind(SnowflakeSql sql, long epochSecond) {
    return sql
        .rows(
            row -> row.getString(1),
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = current_schema() AND table_name LIKE ?",
            PREFIX + "%")
        .stream()
        .filter(name -> name.matches(PREFIX + "\\d{1,12}_[0-9A-F]+_\\d+"))
        .filter(name -> Long.parseLong(name.split("_")[2]) < epochSecond)
        .toList();
  }

  /** Makes the table, empty, whatever was there before. */
  void create(SnowflakeSql sql) {
    List<String> columns = new ArrayList<>();
    if (isIncrement()) {
      columns.add(DIALECT.name(TableLoad.OPERATION) + " VARCHAR");
    }
    for (TargetColumn column : load.table().columns()) {
      columns.add(
          DIALECT.name(column.name())
              + " "
              + (asText(column.type()) ? "VARCHAR" : DIALECT.type(column.type())));
    }
    sql.define(
        "CREATE OR REPLACE TRANSIENT TABLE " + name + " (" + String.join(", ", columns) + ")");
  }

  void drop(SnowflakeSql sql) {
    sql.define("DROP TABLE IF EXISTS " + name);
  }

  /**
   * Sends rows that Spark computes into the table, which has to be empty. The connector matches
   * columns by name only where it appends.
   */
  void fill(Map<String, String> connectorOptions) {
    Dataset<Row> rows =
        load instanceof TableLoad.Replacement whole
            ? whole.rows()
            : ((LoadRows.Planned) ((TableLoad.Increment) load).rows()).rows();
    List<Column> columns = new ArrayList<>();
    if (isIncrement()) {
      columns.add(col(TableLoad.OPERATION));
    }
    for (TargetColumn column : load.table().columns()) {
      columns.add(sent(column));
    }
    Dataset<Row> sent =
        rows.select(columns.toArray(Column[]::new))
            .coalesce(rows.sparkSession().sparkContext().defaultParallelism());
    Map<String, String> options = new java.util.HashMap<>(connectorOptions);
    options.put("dbtable", name);
    options.put("column_mapping", "name");
    options.put("support_share_connection", "false");
    options.put("purge", "true");
    // Not through DataFrameWriter: its plan would show the private key in Spark's web pages and
    // event log, whose redaction knows passwords and tokens only.
    try {
      new DefaultSource()
          .createRelation(rows.sqlContext(), SaveMode.Append, scalaMap(options), sent);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Scala throws what Java would have to declare.
      throw e instanceof SQLException refused
          ? SnowflakeSql.failed("the rows of " + load.table().name(), refused)
          : new LakeException(
              "the rows of " + load.table().name() + " did not reach Snowflake: " + e.getMessage(),
              "see the cause; nothing of the load was kept",
              e);
    }
  }

  @SuppressWarnings("deprecation") // The replacement came with Scala 2.13.
  private static scala.collection.immutable.Map<String, String> scalaMap(
      Map<String, String> options) {
    return JavaConverters.mapAsScalaMap(options)
        .toMap(scala.Predef$.MODULE$.<scala.Tuple2<String, String>>$conforms());
  }

  private static Column sent(TargetColumn column) {
    Column value = col(column.name());
    if (column.type().equals(DataTypes.TimestampType)) {
      return date_format(value, "yyyy-MM-dd HH:mm:ss.SSSSSS").as(column.name());
    }
    return asText(column.type()) ? value.cast(DataTypes.StringType).as(column.name()) : value;
  }

  private static boolean asText(DataType type) {
    return type.equals(DataTypes.TimestampType) || type.equals(DataTypes.DateType);
  }

  private boolean isIncrement() {
    return load instanceof TableLoad.Increment;
  }

  /** A FROM clause's table: the rows with the types of the table they are for. */
  String rows() {
    String columns =
        load.table().columns().stream()
            .map(
                column ->
                    asText(column.type())
                        ? "CAST(%s AS %s) AS %s"
                            .formatted(
                                DIALECT.name(column.name()),
                                DIALECT.type(column.type()),
                                DIALECT.name(column.name()))
                        : DIALECT.name(column.name()))
            .collect(Collectors.joining(", "));
    String operation = isIncrement() ? DIALECT.name(TableLoad.OPERATION) + ", " : "";
    return "(SELECT " + operation + columns + " FROM " + name + ")";
  }
}

package io.medallion.bench;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_date;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the main job is held against: reads a folder of order files with Spark's own CSV reader,
 * casts, and writes one Delta table. It checks, de-duplicates and accounts for nothing.
 *
 * <p>Arguments: the folder, and the path of the table.
 */
public final class BareCsvJob {
  private static final List<String> DATES = List.of("Order Date", "Ship Date");
  private static final List<String> AMOUNTS =
      List.of("Sales", "Discount", "Profit", "Shipping Cost");
  private static final List<String> NUMBERS = List.of("Row ID", "Quantity");

  private BareCsvJob() {}

  public static void main(String[] arguments) {
    SparkSession spark =
        SparkSession.builder()
            .appName("bare")
            .config("spark.sql.legacy.timeParserPolicy", "CORRECTED")
            .getOrCreate();
    Dataset<Row> lines =
        spark.read().option("header", "true").option("escape", "\"").csv(arguments[0]);
    Column[] columns =
        List.of(lines.columns()).stream()
            .map(
                name ->
                    cast(name).as(name.toLowerCase(java.util.Locale.ROOT).replaceAll("\\W", "_")))
            .toArray(Column[]::new);
    lines.select(columns).write().format("delta").save(arguments[1]);
    spark.stop();
  }

  private static Column cast(String name) {
    Column text = col("`" + name + "`");
    if (DATES.contains(name)) {
      return coalesce(to_date(text, "yyyy-MM-dd"), to_date(text, "dd-MM-yyyy"));
    }
    if (AMOUNTS.contains(name)) {
      return text.cast("decimal(18,5)");
    }
    return NUMBERS.contains(name) ? text.cast("int") : text;
  }
}

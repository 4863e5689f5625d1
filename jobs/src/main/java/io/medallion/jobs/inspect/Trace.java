package io.medallion.jobs.inspect;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.medallion.bronze.LandedRecords;
import io.medallion.bronze.topic.LandedEvents;
import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A fact and everything behind it.
 *
 * @param dimensions by table, the version that the fact refers to
 * @param recordNumber of a topic, the event's offset
 * @param rawText the record as it came in
 */
public record Trace(
    String factTable,
    Map<String, String> fact,
    Map<String, Map<String, String>> dimensions,
    String silverTable,
    Map<String, String> silver,
    String sourceUri,
    long recordNumber,
    String rawText) {

  /**
   * Finds the facts with a key.
   *
   * @throws ConfigurationException where a column is not of the star's grain
   */
  public static List<Trace> find(Lakehouse lakehouse, Star star, Map<String, String> key)
      throws IOException {
    List<Trace> traces = new ArrayList<>();
    for (Star.Fact fact : star.facts()) {
      checkKey(fact, key);
      LakeTable table = gold(lakehouse, fact.table());
      if (!table.exists()) {
        throw new LakeException(
            table + " does not exist in " + lakehouse.lake().root(), "run medallion run first");
      }
      for (Row row : where(table.read(), key).limit(1000).collectAsList()) {
        traces.add(of(lakehouse, star, fact, row));
      }
    }
    return traces;
  }

  private static void checkKey(Star.Fact fact, Map<String, String> key) {
    List<Mistake> mistakes =
        key.keySet().stream()
            .filter(column -> !fact.grain().contains(column))
            .map(
                column ->
                    new Mistake(
                        "--key " + column,
                        "it is not of the grain of " + fact.table(),
                        NearestName.fix(
                            column, fact.grain(), "use one of " + String.join(", ", fact.grain()))))
            .toList();
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  private static Trace of(Lakehouse lakehouse, Star star, Star.Fact fact, Row row)
      throws IOException {
    SparkSession spark = lakehouse.spark();
    Map<String, Map<String, String>> dimensions = new LinkedHashMap<>();
    for (Star.Reference reference : fact.references()) {
      Star.Dimension dimension =
          star.dimensions().stream()
              .filter(d -> d.table().equals(reference.dimension()))
              .findFirst()
              .orElseThrow();
      long surrogateKey = row.getAs(reference.column());
      gold(lakehouse, dimension.table())
          .read()
          .where(col(dimension.surrogateKey()).equalTo(surrogateKey))
          .collectAsList()
          .forEach(version -> dimensions.put("gold." + dimension.table(), values(version)));
    }
    Map<String, String> grain = new LinkedHashMap<>();
    fact.grain().forEach(column -> grain.put(column, String.valueOf(row.<Object>getAs(column))));
    LakeTable silver = lakehouse.lake().table(spark, Lake.Layer.SILVER, star.source());
    Row silverRow = where(silver.read(), grain).head();
    String fileId = row.getAs("_file_id");
    long recordNumber = row.getAs("_record_number");
    ManifestFile file =
        lakehouse
            .lake()
            .manifest(spark)
            .read()
            .where(col("file_id").equalTo(fileId).and(col("status").equalTo(Manifest.LANDED)))
            .collectAsList()
            .stream()
            .map(Manifest::file)
            .findFirst()
            .orElseThrow();
    String raw =
        (file instanceof EventLanding events
                ? new LandedEvents(spark, lakehouse.lake()).text(events, recordNumber)
                : new LandedRecords(lakehouse.lake(), spark.sparkContext().hadoopConfiguration())
                    .text((FileLanding) file, recordNumber))
            .orElseThrow();
    return new Trace(
        "gold." + fact.table(),
        values(row),
        dimensions,
        silver.qualifiedName(),
        values(silverRow),
        file.sourceUri(),
        recordNumber,
        raw);
  }

  private static LakeTable gold(Lakehouse lakehouse, String table) {
    return lakehouse.lake().table(lakehouse.spark(), Lake.Layer.GOLD, table);
  }

  private static Dataset<Row> where(Dataset<Row> rows, Map<String, String> key) {
    Column condition = lit(true);
    for (Map.Entry<String, String> part : key.entrySet()) {
      Column column = col(part.getKey());
      condition =
          condition.and(
              column.equalTo(
                  lit(part.getValue()).cast(rows.schema().apply(part.getKey()).dataType())));
    }
    return rows.where(condition);
  }

  private static Map<String, String> values(Row row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String column : row.schema().fieldNames()) {
      Object value = row.getAs(column);
      if (value != null) {
        values.put(column, RowPrinter.text(value));
      }
    }
    return values;
  }
}

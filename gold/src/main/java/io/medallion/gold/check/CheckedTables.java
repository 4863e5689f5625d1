package io.medallion.gold.check;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.CachedTable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads the tables that checks name: the source at the build's version, the others at their latest.
 */
final class CheckedTables {
  private final SparkSession spark;
  private final Lake lake;
  private final Star star;
  private final long sourceVersion;
  private final Map<String, CachedTable> cached;
  private final Map<String, Dataset<Row>> tables = new HashMap<>();
  private boolean concurrentSource;

  CheckedTables(
      SparkSession spark,
      Lake lake,
      Star star,
      long sourceVersion,
      Map<String, CachedTable> cached) {
    this.spark = spark;
    this.lake = lake;
    this.star = star;
    this.sourceVersion = sourceVersion;
    this.cached = cached;
  }

  /** Declares that the source is written while it is checked. */
  void concurrentSource() {
    this.concurrentSource = true;
  }

  /** All rows of a table, named {@code layer.name}. */
  Dataset<Row> rows(String qualified) {
    return tables.computeIfAbsent(
        qualified, name -> cached.containsKey(name) ? cached.get(name).rows() : read(name));
  }

  private Dataset<Row> read(String qualified) {
    String[] parts = qualified.split("\\.", 2);
    Lake.Layer layer = Lake.Layer.valueOf(parts[0].toUpperCase(Locale.ROOT));
    LakeTable table = lake.table(spark, layer, parts[1]);
    if (!qualified.equals("silver." + star.source())) {
      return table.rowsWithin();
    }
    return concurrentSource ? table.read(sourceVersion) : table.rowsAt(sourceVersion);
  }
}

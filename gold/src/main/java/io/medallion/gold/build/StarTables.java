package io.medallion.gold.build;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.check.ChangedRows;
import io.medallion.gold.check.Checks;
import io.medallion.gold.dimension.StarDimensions;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Fact;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A star with its source and its tables, as a build uses them. */
final class StarTables {
  private final SparkSession spark;
  private final Lake lake;
  private final Star star;
  private final Contract contract;
  private final LakeTable source;
  private final StarDimensions dimensions;
  private final List<FactTable> facts = new ArrayList<>();
  private boolean concurrentSource;

  StarTables(SparkSession spark, Lake lake, Contract contract, Star star) {
    this.spark = spark;
    this.lake = lake;
    this.star = star;
    this.contract = contract;
    this.source = lake.table(spark, Lake.Layer.SILVER, star.source());
    this.dimensions = new StarDimensions(star, contract.businessKey(), this::gold);
    for (Fact fact : star.facts()) {
      facts.add(new FactTable(gold(fact.table()), fact, contract, dimensions.byTable()));
    }
  }

  SparkSession spark() {
    return spark;
  }

  Star star() {
    return star;
  }

  /** The business key of the source. */
  List<String> sourceKey() {
    return contract.businessKey();
  }

  LakeTable source() {
    return source;
  }

  LakeTable gold(String table) {
    return lake.table(spark, Lake.Layer.GOLD, table);
  }

  StarDimensions dimensions() {
    return dimensions;
  }

  List<FactTable> facts() {
    return facts;
  }

  /** All tables of gold: dimensions, calendar, facts. */
  List<LakeTable> all() {
    List<LakeTable> tables = dimensions.tables();
    facts.forEach(fact -> tables.add(fact.table()));
    return tables;
  }

  /** Makes all of them, without rows. */
  void create(Dataset<Row> sourceRows) {
    dimensions.create(sourceRows);
    facts.forEach(fact -> fact.create(sourceRows));
  }

  /** Declares that the source is written while the star is built. */
  void concurrentSource() {
    this.concurrentSource = true;
  }

  boolean hasConcurrentSource() {
    return concurrentSource;
  }

  /**
   * The source's rows at a version. One that is written at the same time must be read by its
   * number, though it is the latest version now.
   */
  Dataset<Row> sourceAt(long version) {
    return concurrentSource ? source.read(version) : source.rowsAt(version);
  }

  /** Checks of the star's tables as they are now. */
  Checks checks(Star of, long sourceVersion, ChangedRows changed) {
    Checks checks = new Checks(spark, lake, of, sourceVersion, dimensions.cached(), changed);
    if (concurrentSource) {
      checks.concurrentSource();
    }
    return checks;
  }
}

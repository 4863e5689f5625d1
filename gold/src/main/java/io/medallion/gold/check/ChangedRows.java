package io.medallion.gold.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.rows.LocalRows;
import io.medallion.core.rows.RowImage;
import io.medallion.gold.dimension.SilverChanges;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.TableChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The source and fact rows that a build wrote, for checks that need no others.
 *
 * <p>A check that passed on all rows at the last build can only fail on rows written since. One
 * that failed then is evaluated on all rows again, so that a breach stays until it is mended.
 */
public final class ChangedRows implements AutoCloseable {
  /** +1 for a row as it is now, -1 for one as it was. */
  static final String SIGN = "_sign";

  private final Map<String, Dataset<Row>> images;
  private final Map<String, CheckResult> before;
  private final Set<String> lostKeys;

  private ChangedRows(
      Map<String, Dataset<Row>> images, List<CheckResult> before, Set<String> lostKeys) {
    this.images = images;
    this.before = new HashMap<>();
    before.forEach(result -> this.before.put(result.check(), result));
    this.lostKeys = lostKeys;
  }

  /** No check may be restricted. */
  public static ChangedRows all() {
    return new ChangedRows(Map.of(), List.of(), Set.of());
  }

  /**
   * What an update wrote that was computed in the driver's memory.
   *
   * @param star whose source and facts they are
   * @param results of the last build
   */
  static ChangedRows of(
      SparkSession spark, Star star, CheckedRows rows, List<CheckResult> results) {
    Map<String, Dataset<Row>> images = new HashMap<>();
    Set<String> lost = new HashSet<>();
    Set<String> restricted = new HashSet<>(Set.of("silver." + star.source()));
    star.facts().forEach(fact -> restricted.add(Checks.qualified(fact.table())));
    rows.tables()
        .forEach(
            (table, changed) -> {
              if (restricted.contains(table)) {
                images.put(table, signed(spark, changed));
              }
            });
    rows.dimensions()
        .forEach(
            (table, dimension) -> {
              if (!dimension.surrogatesGone().isEmpty()) {
                lost.add(table);
              }
            });
    return new ChangedRows(images, results, lost);
  }

  private static Dataset<Row> signed(SparkSession spark, CheckedRows.Changed changed) {
    StructType schema = changed.schema().add(SIGN, DataTypes.IntegerType);
    List<InternalRow> rows = new ArrayList<>();
    for (RowImage image : changed.images()) {
      rows.add(
          new JoinedRow(image.row(), new GenericInternalRow(new Object[] {image.count()})).copy());
    }
    return LocalRows.table(spark, rows, schema.asNullable());
  }

  /**
   * What was written since the last build.
   *
   * @param results of the last build
   */
  public static ChangedRows since(
      Entry last,
      LakeTable source,
      SilverChanges silver,
      List<FactTable> facts,
      Map<String, TableChange> changes,
      List<CheckResult> results) {
    Map<String, Dataset<Row>> images = new HashMap<>();
    images.put(
        source.qualifiedName(), silver.images().withColumnRenamed(SilverChanges.COUNT, SIGN));
    for (FactTable fact : facts) {
      LakeTable table = fact.table();
      long before = last.versions().get(table.qualifiedName());
      long now = table.version();
      Dataset<Row> written =
          !table.hasChangedSince(before)
              ? table.read().limit(0).withColumn(SIGN, lit(1))
              : SilverChanges.signed(GoldTable.changes(table, before + 1, now), SIGN);
      images.put(table.qualifiedName(), written.persist(StorageLevel.MEMORY_AND_DISK()));
    }
    Set<String> lost = new HashSet<>();
    changes.values().stream()
        .filter(change -> change.deleted() > 0)
        .forEach(change -> lost.add("gold." + change.table()));
    return new ChangedRows(images, results, lost);
  }

  /** Whether the check need look only at rows of {@code tables} that were written. */
  boolean enough(Check check, String... tables) {
    CheckResult last = before.get(check.name());
    boolean keysLost =
        check instanceof Check.Relationship relationship
            && lostKeys.contains(Checks.qualified(relationship.toTable()));
    return last != null
        && last.passed()
        && !keysLost
        && images.keySet().containsAll(List.of(tables));
  }

  /** What the last build found; absent where it did not evaluate the check. */
  Optional<CheckResult> before(Check check) {
    return Optional.ofNullable(before.get(check.name()));
  }

  /** The rows of a table as they are after having been written. */
  Dataset<Row> now(String table) {
    return images.get(table).where(col(SIGN).gt(0));
  }

  /** The rows of a table as they are, and as they were, by {@link #SIGN}. */
  Dataset<Row> signed(String table) {
    return images.get(table);
  }

  @Override
  public void close() {
    images.values().forEach(Dataset::unpersist);
  }
}

package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.medallion.core.lake.LakeTable;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.NullSafe;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Row changes of the source between two of its versions, kept in memory or on disk while a build
 * uses them.
 *
 * <p>Every image counts: +1 where a row came to look like this, -1 where it ceased to. The sum over
 * a span of versions is what the span changed, however often a row changed in between.
 */
public final class SilverChanges implements AutoCloseable {
  /** +1 or -1. */
  public static final String COUNT = "_count";

  private static final String AT = "_commit_version";
  private static final String TYPE = "_change_type";

  private final Dataset<Row> images;
  private final List<String> sourceColumns;
  private final List<String> sourceKey;

  private SilverChanges(Dataset<Row> images, List<String> sourceColumns, List<String> sourceKey) {
    this.images = images;
    this.sourceColumns = sourceColumns;
    this.sourceKey = sourceKey;
  }

  /** The changes that {@code fromVersion} to {@code toVersion}, both included, brought. */
  public static SilverChanges between(
      LakeTable source, long fromVersion, long toVersion, List<String> sourceKey) {
    Dataset<Row> images =
        signed(GoldTable.changes(source, fromVersion, toVersion), COUNT)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new SilverChanges(images, Arrays.asList(source.rowsAt(toVersion).columns()), sourceKey);
  }

  /** Images of a change data feed with a column that is +1 where a row came, -1 where it went. */
  public static Dataset<Row> signed(Dataset<Row> changes, String sign) {
    Column came = col(TYPE).isin("insert", "update_postimage");
    return changes.withColumn(sign, when(came, lit(1)).otherwise(lit(-1)));
  }

  /** All images with {@link #COUNT}. */
  public Dataset<Row> images() {
    return images;
  }

  /**
   * The source rows that changed, once each.
   *
   * @return the columns of the source as the row is now, or last was; {@link #COUNT}: +1 for a row
   *     that is new, 0 for one that changed, -1 for one that went; {@code _lives}
   */
  public Dataset<Row> rows() {
    Column all = struct(sourceColumns.stream().map(c -> col(c)).toArray(Column[]::new));
    // A commit that removes a row and brings it again shows both images: the one that came is last.
    Column when = struct(col(AT), col(COUNT));
    return images
        .groupBy(sourceKey.stream().map(c -> col(c).as("_key_" + c)).toArray(Column[]::new))
        .agg(
            max_by(struct(all.as("row"), col(COUNT).as("last")), when).as("_final"),
            sum(COUNT).as(COUNT))
        .select(col("_final.row.*"), col(COUNT), col("_final.last").gt(0).as("_lives"));
  }

  /**
   * The business keys of {@code dimension} whose versions may have changed.
   *
   * <p>An image that was inserted and deleted again cancels out. An inserted observation does not
   * matter where a version covers its day with the same values: the member's state of every day
   * stays what it was. Everything else that was inserted or deleted may matter.
   *
   * @param current the dimension's rows, not reflecting these changes yet, or all of them
   */
  Dataset<Row> affectedKeys(Dimension dimension, Dataset<Row> current) {
    Dataset<Row> observed = Observations.of(images, dimension, sourceKey, COUNT);
    List<String> businessKey = Observations.names(dimension.businessKey());
    Column[] image =
        Arrays.stream(observed.columns())
            .filter(column -> !column.equals(COUNT))
            .map(column -> col(column))
            .toArray(Column[]::new);
    Dataset<Row> net =
        observed.groupBy(image).agg(sum(COUNT).as(COUNT)).where(col(COUNT).notEqual(0));
    Column covered =
        NullSafe.same(net, current, businessKey)
            .and(net.col(COUNT).gt(0))
            .and(shows(net, Observations.TRACKED, current, Observations.names(dimension.tracked())))
            .and(
                shows(
                    net,
                    Observations.UNTRACKED,
                    current,
                    Observations.names(dimension.untracked())));
    if (Arrays.asList(current.columns()).contains(Versions.VALID_FROM)) {
      covered =
          covered
              .and(net.col(Observations.DAY).geq(current.col(Versions.VALID_FROM)))
              .and(net.col(Observations.DAY).lt(current.col(Versions.VALID_TO)));
    }
    return net.join(current, covered, "left_anti")
        .select(businessKey.stream().map(c -> col(c)).toArray(Column[]::new))
        .distinct();
  }

  /**
   * The business keys of {@code dimension} that any change names, also one that was taken back.
   *
   * @return all that an interrupted build may have concerned itself with
   */
  Dataset<Row> namedKeys(Dimension dimension) {
    return Observations.of(images, dimension, sourceKey)
        .select(
            Observations.names(dimension.businessKey()).stream()
                .map(c -> col(c))
                .toArray(Column[]::new))
        .distinct();
  }

  private static Column shows(
      Dataset<Row> observed, String values, Dataset<Row> current, List<String> columns) {
    return columns.stream()
        .map(c -> observed.col(values).getField(c).eqNullSafe(current.col(c)))
        .reduce(observed.col(values).isNotNull(), Column::and);
  }

  @Override
  public void close() {
    images.unpersist();
  }
}

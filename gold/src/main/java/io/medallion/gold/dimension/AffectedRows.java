package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of the source that name an affected member of a dimension.
 *
 * <p>They are found in one scan, for dimensions and facts alike: the cost of an increment depends
 * on how often it reads all of the source.
 */
public final class AffectedRows implements AutoCloseable {
  private static final String HIT = "_hit";

  private final Dataset<Row> rows;

  private AffectedRows(Dataset<Row> rows) {
    this.rows = rows;
  }

  /**
   * Finds them.
   *
   * @param facts that refer to the dimensions
   */
  public static AffectedRows of(
      Dataset<Row> source,
      Collection<MemberKeys> memberKeys,
      List<Fact> facts,
      List<String> sourceKey) {
    List<Dimension> dimensions =
        memberKeys.stream().map(keys -> keys.dimension().dimension()).toList();
    Dataset<Row> marked =
        source.select(
            HistoryColumns.of(source.schema(), dimensions, facts, sourceKey).stream()
                .map(name -> col(name))
                .toArray(Column[]::new));
    List<Column> hits = new ArrayList<>();
    for (MemberKeys ofDimension : memberKeys) {
      if (ofDimension.isEmpty()) {
        continue;
      }
      Dimension dimension = ofDimension.dimension().dimension();
      String hit = HIT + hits.size();
      Dataset<Row> keys =
          ofDimension
              .keys()
              .toDF(
                  Arrays.stream(ofDimension.keys().columns())
                      .map(c -> hit + c)
                      .toArray(String[]::new))
              .withColumn(hit, lit(true));
      Column same =
          dimension.businessKey().stream()
              .map(a -> expr(a.expression()).eqNullSafe(keys.col(hit + a.name())))
              .reduce(Column::and)
              .orElseThrow();
      marked = marked.join(keys, same, "left");
      hits.add(col(hit).isNotNull());
    }
    return new AffectedRows(
        marked
            .where(hits.stream().reduce(Column::or).orElse(lit(false)))
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** The rows, with the columns of the source that dimensions and references use. */
  public Dataset<Row> rows() {
    return rows;
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}

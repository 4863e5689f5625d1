package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;

import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.ScdType;
import io.medallion.gold.table.NullSafe;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * A dimension's versions as a pure function of what was observed.
 *
 * <p>Of several observations of a member on one day the last in order counts. An observation that
 * ends the member ends it from its day on. Consecutive days of equal state are one version, {@code
 * [valid_from, valid_to)}. Untracked columns carry, in every version, the values of the last day on
 * which the member lived.
 */
public final class Versions {
  public static final String VALID_FROM = "valid_from";
  public static final String VALID_TO = "valid_to";
  public static final String IS_CURRENT = "is_current";

  /** {@code valid_to} of a version that nothing has ended. */
  public static final LocalDate OPEN_END = LocalDate.of(9999, 12, 31);

  private Versions() {}

  /**
   * All versions of all members observed.
   *
   * @param observations of {@link Observations#of}, complete for every member in it
   * @return surrogate key, business key, tracked, untracked, and at type 2 the validity
   */
  static Dataset<Row> of(Dataset<Row> observations, Dimension dimension) {
    Column[] member = member(dimension).toArray(Column[]::new);
    WindowSpec inOrder =
        Window.partitionBy(member).orderBy(col(Observations.DAY), col(Observations.ORDER));
    Dataset<Row> days =
        observations
            .withColumn("_next_day", lead(Observations.DAY, 1).over(inOrder))
            .where(col("_next_day").isNull().or(col("_next_day").notEqual(col(Observations.DAY))));
    return dimension.scdType() == ScdType.TYPE_1
        ? latest(days, dimension)
        : history(days, dimension, Window.partitionBy(member).orderBy(Observations.DAY));
  }

  /**
   * The states that every member was ever seen in, each with the first day.
   *
   * <p>Most members never change. Finding that out takes no sorting, unlike their history.
   */
  static Dataset<Row> states(Dataset<Row> observations, Dimension dimension) {
    List<Column> state = new ArrayList<>(member(dimension));
    state.add(col(Observations.TRACKED));
    state.add(col(Observations.UNTRACKED));
    return observations
        .groupBy(state.toArray(Column[]::new))
        .agg(min(Observations.DAY).as(Observations.DAY));
  }

  /** The members among {@link #states} that were seen in more than one. */
  static Dataset<Row> changing(Dataset<Row> states, Dimension dimension) {
    return states
        .groupBy(member(dimension).toArray(Column[]::new))
        .agg(count(lit(1)).as("_states"))
        .where(col("_states").gt(1))
        .drop("_states");
  }

  /** The versions of members that were seen in one state only. */
  static Dataset<Row> steady(Dataset<Row> states, Dataset<Row> changing, Dimension dimension) {
    List<String> key = Observations.names(dimension.businessKey());
    Column validFrom =
        dimension.scdType() == ScdType.TYPE_1 ? lit(Observations.MIN_DATE) : col(Observations.DAY);
    return states
        .join(changing, NullSafe.same(states, changing, key), "left_anti")
        .where(col(Observations.TRACKED).isNotNull())
        .withColumn("_until", lit(null).cast("date"))
        .select(columns(dimension, validFrom));
  }

  private static List<Column> member(Dimension dimension) {
    return dimension.businessKey().stream().map(key -> col(key.name())).toList();
  }

  private static Dataset<Row> latest(Dataset<Row> days, Dimension dimension) {
    Dataset<Row> living =
        days.where(col("_next_day").isNull().and(col(Observations.TRACKED).isNotNull()));
    return living.select(columns(dimension, lit(Observations.MIN_DATE)));
  }

  private static Dataset<Row> history(Dataset<Row> days, Dimension dimension, WindowSpec byDay) {
    Dataset<Row> all = days;
    if (!dimension.untracked().isEmpty()) {
      all =
          days.withColumn(
              Observations.UNTRACKED,
              last(col(Observations.UNTRACKED), true)
                  .over(
                      byDay.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing())));
    }
    Column state = col(Observations.TRACKED);
    return all.withColumn("_tracked_before", lag(state, 1).over(byDay))
        .where(not(state.eqNullSafe(col("_tracked_before"))))
        .withColumn("_until", lead(Observations.DAY, 1).over(byDay))
        .where(state.isNotNull())
        .select(columns(dimension, col(Observations.DAY)));
  }

  private static Column[] columns(Dimension dimension, Column validFrom) {
    List<String> businessKey = Observations.names(dimension.businessKey());
    List<Column> columns = new ArrayList<>();
    columns.add(SurrogateKey.of(businessKey, validFrom).as(dimension.surrogateKey()));
    businessKey.forEach(name -> columns.add(col(name)));
    dimension
        .tracked()
        .forEach(a -> columns.add(col(Observations.TRACKED).getField(a.name()).as(a.name())));
    dimension
        .untracked()
        .forEach(a -> columns.add(col(Observations.UNTRACKED).getField(a.name()).as(a.name())));
    if (dimension.scdType() == ScdType.TYPE_2) {
      columns.add(validFrom.as(VALID_FROM));
      columns.add(coalesce(col("_until"), lit(OPEN_END)).as(VALID_TO));
      columns.add(col("_until").isNull().as(IS_CURRENT));
    }
    return columns.toArray(Column[]::new);
  }
}

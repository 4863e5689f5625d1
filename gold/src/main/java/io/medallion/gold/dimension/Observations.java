package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.table.NullSafe;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Turns rows of the source into observations: the state of a dimension's member on a day. */
public final class Observations {
  /** The day of an observation whose row has none: the state is valid from the beginning. */
  static final LocalDate MIN_DATE = LocalDate.of(1900, 1, 1);

  /** The day the state was seen. */
  static final String DAY = "_day";

  /** Orders the observations of one day; no two of one source version are equal. */
  static final String ORDER = "_order";

  /** The tracked columns, NULL where the observation ends its member. */
  static final String TRACKED = "_tracked";

  /** The untracked columns, NULL where the observation ends its member. */
  static final String UNTRACKED = "_untracked";

  private Observations() {}

  /**
   * One observation for every row of {@code source} that names a member.
   *
   * @param sourceKey the source's own business key: decides where the dimension's tie break leaves
   *     two rows equal, so that no result depends on the order of rows
   * @param kept further columns of the source to keep
   * @return the business key, {@link #DAY}, {@link #ORDER}, {@link #TRACKED}, {@link #UNTRACKED},
   *     {@code kept}
   */
  static Dataset<Row> of(
      Dataset<Row> source, Dimension dimension, List<String> sourceKey, String... kept) {
    Column ends = coalesce(expr(dimension.deleteWhen().orElse("false")), lit(false));
    List<Column> columns = new ArrayList<>();
    for (Attribute key : dimension.businessKey()) {
      columns.add(expr(key.expression()).as(key.name()));
    }
    columns.add(day(dimension.effectiveFrom()).as(DAY));
    columns.add(
        struct(
                Stream.concat(dimension.tieBreak().stream(), sourceKey.stream())
                    .distinct()
                    .map(c -> col(c))
                    .toArray(Column[]::new))
            .as(ORDER));
    columns.add(when(not(ends), values(dimension.tracked())).as(TRACKED));
    columns.add(when(not(ends), values(dimension.untracked())).as(UNTRACKED));
    for (String column : kept) {
      columns.add(col(column));
    }
    return source
        .select(columns.toArray(Column[]::new))
        .where(not(NullSafe.allNull(names(dimension.businessKey()))));
  }

  /** A date expression over the source, {@link #MIN_DATE} where it is NULL. */
  public static Column day(String expression) {
    return coalesce(expr(expression).cast("date"), lit(MIN_DATE));
  }

  public static List<String> names(List<Attribute> attributes) {
    return attributes.stream().map(Attribute::name).toList();
  }

  /** A struct that is itself never NULL, also where every attribute is, or none is declared. */
  private static Column values(List<Attribute> attributes) {
    return struct(
        Stream.concat(
                Stream.of(lit(true).as("_present")),
                attributes.stream().map(a -> expr(a.expression()).as(a.name())))
            .toArray(Column[]::new));
  }
}

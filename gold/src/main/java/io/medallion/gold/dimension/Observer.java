package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.rows.KeyHash;
import io.medallion.core.rows.RowProjection;
import io.medallion.core.rows.Values;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Dimension;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.StructType;

/**
 * Turns rows of the source in the driver's memory into observations: what {@link Observations} is
 * for tables.
 */
final class Observer {
  private final RowProjection projection;
  private final RowProjection memberOf;
  private final int keyWidth;
  private final int orderEnd;
  private final int trackedEnd;
  private final Comparator<Observation> inOrder;

  Observer(SparkSession spark, StructType source, Dimension dimension, List<String> sourceKey) {
    List<Column> key = key(dimension);
    List<String> order =
        Stream.concat(dimension.tieBreak().stream(), sourceKey.stream()).distinct().toList();
    List<Column> columns = new ArrayList<>(key);
    columns.add(KeyHash.of(key));
    columns.add(Observations.day(dimension.effectiveFrom()));
    columns.add(coalesce(expr(dimension.deleteWhen().orElse("false")), lit(false)));
    order.forEach(name -> columns.add(col(name)));
    Stream.concat(dimension.tracked().stream(), dimension.untracked().stream())
        .forEach(attribute -> columns.add(expr(attribute.expression())));
    this.keyWidth = key.size();
    this.orderEnd = keyWidth + 3 + order.size();
    this.trackedEnd = orderEnd + dimension.tracked().size();
    this.projection = RowProjection.of(spark, source, numbered(columns));
    this.memberOf = RowProjection.of(spark, source, numbered(key));
    StructType orderSchema = new StructType();
    for (int i = keyWidth + 3; i < orderEnd; i++) {
      orderSchema = orderSchema.add(projection.schema().fields()[i]);
    }
    scala.math.Ordering<Object> ordering = TypeUtils.getInterpretedOrdering(orderSchema);
    this.inOrder =
        Comparator.comparingInt(Observation::day)
            .thenComparing((a, b) -> ordering.compare(a.order(), b.order()));
  }

  /** The business key over the source. */
  static List<Column> key(Dimension dimension) {
    return dimension.businessKey().stream().map(Attribute::expression).map(e -> expr(e)).toList();
  }

  private static List<Column> numbered(List<Column> columns) {
    List<Column> named = new ArrayList<>();
    columns.forEach(column -> named.add(column.as("_" + named.size())));
    return named;
  }

  /** By day, and on one day by the dimension's tie break and the source's key. */
  Comparator<Observation> inOrder() {
    return inOrder;
  }

  /** The member that a row of the source names; absent where it names none. */
  Optional<List<Object>> member(InternalRow source) {
    List<Object> member = Values.of(memberOf.apply(source), memberOf.schema(), 0, keyWidth);
    return member.stream().allMatch(Objects::isNull) ? Optional.empty() : Optional.of(member);
  }

  /** What a row of the source shows; absent where it names no member. */
  Optional<Observation> observe(InternalRow source) {
    InternalRow row = projection.apply(source);
    StructType schema = projection.schema();
    List<Object> member = Values.of(row, schema, 0, keyWidth);
    if (member.stream().allMatch(Objects::isNull)) {
      return Optional.empty();
    }
    Optional<Observation.State> state = Optional.empty();
    if (!row.getBoolean(keyWidth + 2)) {
      List<Object> values = new ArrayList<>();
      for (int i = orderEnd; i < schema.length(); i++) {
        values.add(Values.value(row, schema, i));
      }
      state =
          Optional.of(
              new Observation.State(
                  Values.of(row, schema, orderEnd, trackedEnd),
                  Values.of(row, schema, trackedEnd, schema.length()),
                  values));
    }
    Object[] order = new Object[orderEnd - keyWidth - 3];
    for (int i = 0; i < order.length; i++) {
      order[i] = Values.value(row, schema, keyWidth + 3 + i);
    }
    return Optional.of(
        new Observation(
            member,
            row.getLong(keyWidth),
            row.getInt(keyWidth + 1),
            new GenericInternalRow(order),
            state));
  }
}

package io.medallion.gold.fact;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.medallion.gold.dimension.DimensionTable;
import io.medallion.gold.dimension.MemberKeys;
import io.medallion.gold.dimension.Observations;
import io.medallion.gold.dimension.SurrogateKey;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How a fact refers to the versions of its dimensions: to the one valid on a day of the fact.
 * Re-pointing a fact means to resolve it again, for those rows alone that another version may apply
 * to.
 */
record FactReferences(Fact fact, Map<String, DimensionTable> dimensions) {

  /**
   * Rows of the source to which another version of a member may apply.
   *
   * @param toRepoint by dimension, the members and the first day concerned
   */
  Dataset<Row> rowsToRepoint(Dataset<Row> source, Map<String, MemberKeys> toRepoint) {
    Dataset<Row> rows = source;
    List<Column> hits = new ArrayList<>();
    for (Reference reference : fact.references()) {
      MemberKeys memberKeys = toRepoint.get(reference.dimension());
      if (memberKeys == null) {
        continue;
      }
      String hit = "_moved_" + reference.column();
      List<Attribute> key = dimensions.get(reference.dimension()).dimension().businessKey();
      Dataset<Row> marked = prefixed(memberKeys.keys(), hit).withColumn(hit, lit(true));
      Column since = marked.col(hit + "_since");
      rows =
          rows.join(
              broadcast(marked),
              refers(key, marked, hit)
                  .and(since.isNull().or(Observations.day(reference.asOf()).geq(since))),
              "left");
      hits.add(col(hit).isNotNull());
    }
    return rows.where(hits.stream().reduce(Column::or).orElse(lit(false)));
  }

  /** The source's rows, each with the keys of the dimension versions that it refers to. */
  Dataset<Row> resolved(Dataset<Row> source) {
    Dataset<Row> rows = source;
    for (Reference reference : fact.references()) {
      DimensionTable dimension = dimensions.get(reference.dimension());
      String prefix = found(reference);
      Dataset<Row> versions = prefixed(dimension.lookup(), prefix);
      Column match = refers(dimension.dimension().businessKey(), versions, prefix);
      if (Arrays.asList(versions.columns()).contains(prefix + "_from")) {
        Column day = Observations.day(reference.asOf());
        Column from = versions.col(prefix + "_from");
        Column until = versions.col(prefix + "_until");
        match = match.and(from.isNull().or(day.geq(from))).and(until.isNull().or(day.lt(until)));
      }
      String key = prefix + dimension.dimension().surrogateKey();
      rows =
          rows.join(versions, match, "left")
              .withColumn(prefix, coalesce(col(key), lit(SurrogateKey.UNKNOWN)));
    }
    return rows;
  }

  private static Column refers(List<Attribute> key, Dataset<Row> to, String prefix) {
    return key.stream()
        .map(a -> expr(a.expression()).eqNullSafe(to.col(prefix + a.name())))
        .reduce(Column::and)
        .orElseThrow();
  }

  private static Dataset<Row> prefixed(Dataset<Row> rows, String prefix) {
    return rows.toDF(
        Arrays.stream(rows.columns()).map(column -> prefix + column).toArray(String[]::new));
  }

  static String found(Reference reference) {
    return "_found_" + reference.column();
  }
}

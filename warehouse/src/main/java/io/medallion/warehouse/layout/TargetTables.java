package io.medallion.warehouse.layout;

import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of a star as a warehouse declares them: keys from the star, columns from gold's
 * tables, whose types, nullability and comments come from contract and star.
 */
public final class TargetTables {
  private static final String DATE_KEY = "date_key";

  private TargetTables() {}

  /**
   * Returns the star's tables, dimensions before facts.
   *
   * @param schema gives the columns of a table of gold, by the table's name
   */
  public static List<TargetTable> of(Star star, Function<String, StructType> schema) {
    List<TargetTable> tables = new ArrayList<>();
    for (Dimension dimension : star.dimensions()) {
      tables.add(
          new TargetTable(
              dimension.table(),
              dimension.description(),
              columns(schema.apply(dimension.table())),
              List.of(dimension.surrogateKey()),
              List.of(),
              List.of()));
    }
    star.dateDimension()
        .ifPresent(
            calendar ->
                tables.add(
                    new TargetTable(
                        calendar.table(),
                        "Calendar days",
                        columns(schema.apply(calendar.table())),
                        List.of(DATE_KEY),
                        List.of(),
                        List.of())));
    for (Fact fact : star.facts()) {
      tables.add(
          new TargetTable(
              fact.table(),
              fact.description(),
              columns(schema.apply(fact.table())),
              fact.grain(),
              foreignKeys(star, fact),
              clusteringKeys(fact)));
    }
    return tables;
  }

  private static List<TargetColumn> columns(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(
            field ->
                new TargetColumn(
                    field.name(),
                    field.dataType(),
                    field.nullable(),
                    field.getComment().getOrElse(() -> "")))
        .toList();
  }

  private static List<ForeignKey> foreignKeys(Star star, Fact fact) {
    Stream<ForeignKey> dates =
        fact.dates().stream()
            .map(
                date ->
                    new ForeignKey(
                        date.column(), star.dateDimension().orElseThrow().table(), DATE_KEY));
    Stream<ForeignKey> versions =
        fact.references().stream()
            .map(
                reference ->
                    new ForeignKey(
                        reference.column(),
                        reference.dimension(),
                        surrogateKey(star, reference.dimension())));
    return Stream.concat(dates, versions).toList();
  }

  private static String surrogateKey(Star star, String table) {
    return star.dimensions().stream()
        .filter(dimension -> dimension.table().equals(table))
        .map(Dimension::surrogateKey)
        .findFirst()
        .orElseThrow();
  }

  /** The first day and the first dimension that a fact refers to: what most queries select by. */
  private static List<String> clusteringKeys(Fact fact) {
    return Stream.concat(
            fact.dates().stream().limit(1).map(Star.DateReference::column),
            fact.references().stream().limit(1).map(Star.Reference::column))
        .toList();
  }
}

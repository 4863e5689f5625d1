package io.medallion.warehouse.jdbc;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;

/**
 * How a database writes names, texts and types.
 *
 * @param caseOfNames what the database does to the letters of a name that is written without quotes
 * @param escape escapes a text that is written between single quotes
 */
public record Dialect(
    ColumnTypes types, UnaryOperator<String> caseOfNames, UnaryOperator<String> escape) {

  /** A quoted name: the one that the database has for {@code name} without quotes. */
  public String name(String name) {
    return '"' + caseOfNames.apply(name) + '"';
  }

  /** Quoted names, with commas between them. */
  public String names(List<String> names) {
    return names.stream().map(this::name).collect(Collectors.joining(", "));
  }

  /** A text literal. */
  public String text(String text) {
    return "'" + escape.apply(text) + "'";
  }

  /**
   * The type that has every value of one of Spark's exactly. Instants are in UTC.
   *
   * @throws IllegalArgumentException where there is none
   */
  public String type(DataType type) {
    return types.of(type);
  }
}

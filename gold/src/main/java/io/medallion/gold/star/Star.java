package io.medallion.gold.star;

import io.medallion.core.contract.Severity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A star schema over one silver table.
 *
 * @param name the star's name: {@code --star NAME}
 * @param source the silver table it is built from
 * @param dimensions slowly changing dimensions
 * @param dateDimension the calendar, where the star has one
 * @param facts fact tables, none for a star that only keeps history
 * @param checks what must hold of the finished star: what follows from its structure, then the
 *     business rules that it lists
 * @param digest SHA-256 of the star file, in hex: an edited star is rebuilt
 */
public record Star(
    String name,
    String source,
    List<Dimension> dimensions,
    Optional<DateDimension> dateDimension,
    List<Fact> facts,
    List<Check> checks,
    String digest) {

  public Star {
    dimensions = List.copyOf(dimensions);
    facts = List.copyOf(facts);
    checks = List.copyOf(checks);
  }

  /** The same star with some of its checks only. */
  public Star withChecks(List<Check> some) {
    return new Star(name, source, dimensions, dateDimension, facts, some, digest);
  }

  /** Returns the names of all its gold tables: dimensions, calendar, facts. */
  public List<String> tables() {
    return Stream.of(
            dimensions.stream().map(Dimension::table),
            dateDimension.stream().map(DateDimension::table),
            facts.stream().map(Fact::table))
        .flatMap(Function.identity())
        .toList();
  }

  /** How a dimension keeps the past. */
  public enum ScdType {
    /** Only the latest state, overwritten. */
    TYPE_1,
    /** One row per state of the tracked columns, with its validity. */
    TYPE_2
  }

  /**
   * A column and the Spark SQL expression over the source that gives its value.
   *
   * @param expression a column name where nothing is computed
   */
  public record Attribute(String name, String expression, String description) {}

  /**
   * A dimension.
   *
   * @param table its table in gold, e.g. {@code dim_customer}
   * @param surrogateKey its surrogate key column (BIGINT), 0 for the unknown member
   * @param businessKey what identifies a member; NULL in every one of them is the unknown member
   * @param effectiveFrom a Spark SQL expression of type date: the day on which a record's state was
   *     seen; NULL means from the beginning
   * @param tieBreak source columns that decide between several states of one day: the largest
   *     counts
   * @param tracked a change of one of them begins a version (type 2); at type 1 all are overwritten
   * @param untracked overwritten in every version with the latest value
   * @param deleteWhen a Spark SQL predicate over the source: such a record ends its member from its
   *     day on
   */
  public record Dimension(
      String table,
      String surrogateKey,
      String description,
      ScdType scdType,
      List<Attribute> businessKey,
      String effectiveFrom,
      List<String> tieBreak,
      List<Attribute> tracked,
      List<Attribute> untracked,
      Optional<String> deleteWhen) {
    public Dimension {
      businessKey = List.copyOf(businessKey);
      tieBreak = List.copyOf(tieBreak);
      tracked = List.copyOf(tracked);
      untracked = List.copyOf(untracked);
    }
  }

  /**
   * The calendar dimension: whole years that cover every date of {@code columns} in the source.
   *
   * @param columns source columns of type date that facts refer by
   * @param fiscalYearStartMonth 1 to 12; a fiscal year is named by the calendar year it ends in
   * @param holidays {@code 12-25} (month-day), {@code 4 THURSDAY 11} (fourth Thursday of November)
   *     or {@code LAST MONDAY 5}
   */
  public record DateDimension(
      String table, List<String> columns, int fiscalYearStartMonth, List<String> holidays) {
    public DateDimension {
      columns = List.copyOf(columns);
      holidays = List.copyOf(holidays);
    }
  }

  /**
   * A fact's reference to a dimension version.
   *
   * @param column the fact's foreign key column
   * @param dimension the dimension's table
   * @param asOf a Spark SQL expression of type date over the source: the version valid then is the
   *     one referred to (for a type 1 dimension it has no effect)
   */
  public record Reference(String column, String dimension, String asOf) {}

  /**
   * A fact's reference to the calendar: yyyymmdd, 0 where the date is absent.
   *
   * @param date a source column of type date
   */
  public record DateReference(String column, String date) {}

  /**
   * A fact table, one row for every row of the source that {@code grain} names.
   *
   * @param grain the source's business key columns, kept under their names
   * @param columns attributes and measures, in order
   */
  public record Fact(
      String table,
      String description,
      List<String> grain,
      List<DateReference> dates,
      List<Reference> references,
      List<Attribute> columns) {
    public Fact {
      grain = List.copyOf(grain);
      dates = List.copyOf(dates);
      references = List.copyOf(references);
      columns = List.copyOf(columns);
    }
  }

  /** Something that must hold of the finished star. */
  public sealed interface Check {
    /** Unique within the star. */
    String name();

    Severity severity();

    /** The table that a violation is reported of: {@code layer.name}, or a bare name of gold. */
    String table();

    /** The kind as stars write it in snake case: {@code not_null}. */
    default String kind() {
      return getClass()
          .getSimpleName()
          .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
          .toLowerCase(Locale.ROOT);
    }

    /** No two rows of {@code table} that {@code where} selects are equal in {@code columns}. */
    record Unique(
        String name, String table, List<String> columns, Optional<String> where, Severity severity)
        implements Check {}

    /** {@code column} is never NULL in rows that {@code where} selects. */
    record NotNull(
        String name, String table, String column, Optional<String> where, Severity severity)
        implements Check {}

    /** Every value of {@code column} is in {@code toTable.toColumn}. */
    record Relationship(
        String name,
        String table,
        String column,
        String toTable,
        String toColumn,
        Severity severity)
        implements Check {}

    /** {@code column} is one of {@code values}, or NULL. */
    record AcceptedValues(
        String name, String table, String column, List<String> values, Severity severity)
        implements Check {}

    /** {@code predicate} (Spark SQL over {@code table}) is false in no row. */
    record Expression(String name, String table, String predicate, Severity severity)
        implements Check {}

    /** Versions of a type 2 dimension: half-open, no overlap, at most one current each. */
    record Intervals(String name, String table, Severity severity) implements Check {}

    /**
     * Two Spark SQL aggregates are equal: {@code left} over {@code leftTable}, {@code right} over
     * {@code rightTable}. Tables are {@code silver.x} or {@code gold.x}. Stars and check results
     * call the kind {@code agree}.
     */
    record Reconcile(
        String name,
        String leftTable,
        String left,
        String rightTable,
        String right,
        Severity severity)
        implements Check {
      @Override
      public String kind() {
        return "agree";
      }

      @Override
      public String table() {
        return leftTable;
      }
    }

    /**
     * Rows of {@code table} over rows of {@code toTable} lie within the bounds (both inclusive).
     */
    record RowCountRatio(
        String name,
        String table,
        String toTable,
        BigDecimal minimum,
        BigDecimal maximum,
        Severity severity)
        implements Check {}
  }
}

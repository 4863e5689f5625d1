package io.medallion.gold.star;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.LogicalType;
import io.medallion.core.contract.Severity;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Check;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checks that follow from a star's own tables, so that its file lists business rules only: keys
 * and grains are unique, versions do not overlap, references exist, and what the source holds is in
 * the facts.
 *
 * <p>Names are made of the table, the column and what is checked; a leading underscore of a column
 * is left out.
 */
final class StructuralChecks {
  private static final Optional<String> EVERYWHERE = Optional.empty();

  private final Star star;
  private final Contract contract;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  private StructuralChecks(Star star, Contract contract) {
    this.star = star;
    this.contract = contract;
  }

  /**
   * Returns the checks of the star's structure, in the order of its tables.
   *
   * @param contract that of its source
   */
  static List<Check> of(Star star, Contract contract) {
    StructuralChecks structure = new StructuralChecks(star, contract);
    star.dimensions().forEach(structure::add);
    star.dateDimension().ifPresent(structure::add);
    star.facts().forEach(structure::add);
    return List.copyOf(structure.checks.values());
  }

  /**
   * Returns the checks of the star's structure and after them those that it lists. A listed one
   * takes the place of a structural one that has its name or means the same.
   */
  static List<Check> withListed(Star star, Contract contract) {
    Set<String> names = star.checks().stream().map(Check::name).collect(Collectors.toSet());
    Set<Object> meanings =
        star.checks().stream().map(StructuralChecks::meaning).collect(Collectors.toSet());
    Stream<Check> structural =
        of(star, contract).stream()
            .filter(check -> !names.contains(check.name()) && !meanings.contains(meaning(check)));
    return Stream.concat(structural, star.checks().stream()).toList();
  }

  private void add(Star.Dimension dimension) {
    Table table = new Table(dimension.table());
    String key = dimension.surrogateKey();
    List<String> member = dimension.businessKey().stream().map(Attribute::name).toList();
    Optional<String> known = Optional.of(quoted(key) + " <> 0");
    table.unique(key, List.of(key), EVERYWHERE);
    table.notNull(key, EVERYWHERE);
    if (member.size() == 1) {
      table.notNull(member.get(0), known);
    } else {
      // A part of a key may be absent: all of them are of the unknown member only.
      String someKnown =
          member.stream()
              .map(column -> quoted(column) + " IS NOT NULL")
              .collect(Collectors.joining(" OR "));
      table.expression("member_not_null", quoted(key) + " = 0 OR " + someKnown);
    }
    if (dimension.scdType() == Star.ScdType.TYPE_1) {
      table.unique("member", member, EVERYWHERE);
      return;
    }
    table.unique(
        "version", Stream.concat(member.stream(), Stream.of("valid_from")).toList(), EVERYWHERE);
    table.unique("current", member, Optional.of("is_current"));
    table.add(name -> new Check.Intervals(name, table.qualified(), Severity.ERROR), "intervals");
    table.notNull("valid_from", known);
    table.notNull("valid_to", known);
  }

  private void add(Star.DateDimension calendar) {
    Table table = new Table(calendar.table());
    Optional<String> known = Optional.of("date_key <> 0");
    table.unique("date_key", List.of("date_key"), EVERYWHERE);
    table.notNull("date_key", EVERYWHERE);
    table.unique("date", List.of("date"), known);
    table.notNull("date", known);
    table.expression("date_key_is_the_date", "date_key = 0 OR date_key = " + dateKey("date"));
  }

  private void add(Star.Fact fact) {
    Table table = new Table(fact.table());
    String source = "silver." + star.source();
    table.unique("grain", fact.grain(), EVERYWHERE);
    fact.grain().forEach(column -> table.notNull(column, EVERYWHERE));
    for (Star.DateReference date : fact.dates()) {
      table.notNull(date.column(), EVERYWHERE);
      star.dateDimension().ifPresent(days -> table.exists(date.column(), days.table(), "date_key"));
      kept(fact, date.date())
          .ifPresent(
              column ->
                  table.expression(
                      date.column() + "_is_the_date",
                      "%s = coalesce(%s, 0)"
                          .formatted(quoted(date.column()), dateKey(quoted(column)))));
      table.agree(
          date.column() + "_count",
          source,
          "count(" + quoted(date.date()) + ")",
          "count(CASE WHEN " + quoted(date.column()) + " <> 0 THEN 1 END)");
    }
    for (Star.Reference reference : fact.references()) {
      table.notNull(reference.column(), EVERYWHERE);
      table.exists(reference.column(), reference.dimension(), surrogateKey(reference.dimension()));
    }
    table.notNull("_file_id", EVERYWHERE);
    table.notNull("_record_number", EVERYWHERE);
    table.add(
        name ->
            new Check.RowCountRatio(
                name, table.qualified(), source, BigDecimal.ONE, BigDecimal.ONE, Severity.ERROR),
        "one_row_per_source_row");
    for (Attribute column : fact.columns()) {
      for (String aggregate : comparable(column)) {
        table.agree(
            column.name() + "_" + aggregate,
            source,
            aggregate + "(" + quoted(column.expression()) + ")",
            aggregate + "(" + quoted(column.name()) + ")");
      }
    }
  }

  /** The aggregates that a column shares with the source: of exact numbers and of days. */
  private List<String> comparable(Attribute column) {
    return contract.columns().stream()
        .filter(source -> source.name().equals(column.expression()))
        .findFirst()
        .map(Column::type)
        .map(StructuralChecks::aggregates)
        .orElse(List.of());
  }

  private static List<String> aggregates(LogicalType type) {
    if (type instanceof LogicalType.Whole || type instanceof LogicalType.Exact) {
      return List.of("sum");
    }
    return type instanceof LogicalType.Date ? List.of("min", "max") : List.of();
  }

  /** The fact's column that has a source column's values; absent where it keeps none. */
  private static Optional<String> kept(Star.Fact fact, String sourceColumn) {
    if (fact.grain().contains(sourceColumn)) {
      return Optional.of(sourceColumn);
    }
    return fact.columns().stream()
        .filter(column -> column.expression().equals(sourceColumn))
        .map(Attribute::name)
        .findFirst();
  }

  private String surrogateKey(String dimension) {
    return star.dimensions().stream()
        .filter(candidate -> candidate.table().equals(dimension))
        .map(Star.Dimension::surrogateKey)
        .findFirst()
        .orElseThrow();
  }

  private static String dateKey(String date) {
    return "year(%1$s) * 10000 + month(%1$s) * 100 + day(%1$s)".formatted(date);
  }

  /** A column may bear the name of a literal or a function: {@code null}, {@code current_date}. */
  private static String quoted(String column) {
    return "`" + column + "`";
  }

  private interface Named {
    Check as(String name);
  }

  /** Adds checks of one table of gold. */
  private final class Table {
    private final String table;

    Table(String table) {
      this.table = table;
    }

    String qualified() {
      return "gold." + table;
    }

    void add(Named check, String what) {
      String name = table + "_" + what;
      // Two tables and their columns may make one name: `a_b` and `c`, `a` and `b_c`.
      for (int i = 2; checks.containsKey(name); i++) {
        name = table + "_" + what + "_" + i;
      }
      checks.put(name, check.as(name));
    }

    void unique(String what, List<String> columns, Optional<String> where) {
      add(
          name -> new Check.Unique(name, qualified(), columns, where, Severity.ERROR),
          what + "_unique");
    }

    void notNull(String column, Optional<String> where) {
      add(
          name -> new Check.NotNull(name, qualified(), column, where, Severity.ERROR),
          column.replaceFirst("^_+", "") + "_not_null");
    }

    void expression(String what, String predicate) {
      add(name -> new Check.Expression(name, qualified(), predicate, Severity.ERROR), what);
    }

    void exists(String column, String toTable, String toColumn) {
      add(
          name ->
              new Check.Relationship(
                  name, qualified(), column, "gold." + toTable, toColumn, Severity.ERROR),
          column + "_exists");
    }

    void agree(String what, String source, String left, String right) {
      add(
          name -> new Check.Reconcile(name, source, left, qualified(), right, Severity.ERROR),
          what + "_agrees");
    }
  }

  /** Equal for checks that are violated by the same rows, as far as their form tells. */
  private static Object meaning(Check check) {
    if (check instanceof Check.Unique unique) {
      return List.of(
          unique.kind(), of(unique), new HashSet<>(unique.columns()), where(unique.where()));
    } else if (check instanceof Check.NotNull notNull) {
      return List.of(notNull.kind(), of(notNull), notNull.column(), where(notNull.where()));
    } else if (check instanceof Check.Relationship to) {
      return List.of(to.kind(), of(to), to.column(), qualified(to.toTable()), to.toColumn());
    } else if (check instanceof Check.AcceptedValues accepted) {
      return List.of(
          accepted.kind(), of(accepted), accepted.column(), new HashSet<>(accepted.values()));
    } else if (check instanceof Check.Expression expression) {
      return List.of(expression.kind(), of(expression), plain(expression.predicate()));
    } else if (check instanceof Check.Intervals) {
      return List.of(check.kind(), of(check));
    } else if (check instanceof Check.Reconcile agree) {
      return Set.copyOf(
          List.of(
              List.of(qualified(agree.leftTable()), plain(agree.left())),
              List.of(qualified(agree.rightTable()), plain(agree.right()))));
    }
    Check.RowCountRatio ratio = (Check.RowCountRatio) check;
    if (ratio.minimum().compareTo(BigDecimal.ONE) == 0
        && ratio.maximum().compareTo(BigDecimal.ONE) == 0) {
      return Set.copyOf(
          List.of(List.of(of(ratio), "count(*)"), List.of(qualified(ratio.toTable()), "count(*)")));
    }
    return ratio;
  }

  private static String of(Check check) {
    return qualified(check.table());
  }

  private static String qualified(String table) {
    return table.contains(".") ? table : "gold." + table;
  }

  private static String where(Optional<String> where) {
    return plain(where.orElse("true"));
  }

  /** SQL without what may be written in several ways; structural checks have no text literals. */
  private static String plain(String sql) {
    return sql.replaceAll("[\\s`]", "").toLowerCase(Locale.ROOT);
  }
}

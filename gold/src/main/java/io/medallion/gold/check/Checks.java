package io.medallion.gold.check;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;

import io.medallion.core.contract.Severity;
import io.medallion.core.lake.Lake;
import io.medallion.gold.dimension.Observations;
import io.medallion.gold.dimension.Versions;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.table.CachedTable;
import io.medallion.gold.table.NullSafe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Evaluates a star's checks.
 *
 * <p>Every check is turned into a count of violations, checks of one kind over the same rows share
 * a scan, and all of them run as one Spark job. Violating rows are looked up afterwards, and only
 * for a check that failed.
 */
public final class Checks {
  private static final int SAMPLE = 3;

  private final Star star;
  private final CheckedTables tables;
  private final ChangedRows changed;

  /**
   * Checks of a star as its tables are now.
   *
   * @param cached tables that are cached, by qualified name
   */
  public Checks(
      SparkSession spark,
      Lake lake,
      Star star,
      long sourceVersion,
      Map<String, CachedTable> cached,
      ChangedRows changed) {
    this.star = star;
    this.tables = new CheckedTables(spark, lake, star, sourceVersion, cached);
    this.changed = changed;
  }

  /** {@code layer.name}; a bare name is a table of gold. */
  static String qualified(String table) {
    return table.contains(".") ? table : "gold." + table;
  }

  static String table(Check check) {
    return qualified(check.table());
  }

  /** Rows of one table, all or those that changed, which several checks share. */
  private record Rows(String table, CheckResult.Scope scope) {}

  /** Results in the star's order. */
  public List<CheckResult> evaluate() {
    try (changed) {
      Map<String, String> measured = measure();
      return star.checks().stream().map(check -> result(check, measured)).toList();
    }
  }

  private Map<String, String> measure() {
    Map<Rows, Map<String, Column>> aggregates = new LinkedHashMap<>();
    Map<Rows, List<Check.Relationship>> relationships = new LinkedHashMap<>();
    List<Dataset<Row>> measures = new ArrayList<>();
    for (Check check : star.checks()) {
      Optional<Column> violated = violated(check);
      Optional<AggregateCheck> aggregateCheck = AggregateCheck.of(check);
      if (violated.isPresent()) {
        aggregate(aggregates, scope(check), check.name(), count_if(violated.get()));
      } else if (aggregateCheck.isPresent()) {
        compare(aggregateCheck.get(), scope(check).scope(), aggregates);
      } else if (check instanceof Check.Unique unique) {
        Dataset<Row> extra = repeated(unique).select(col("_rows").minus(1).as("_extra"));
        measures.add(named(unique.name(), extra.agg(coalesce(sum("_extra"), lit(0)).as("_n"))));
      } else if (check instanceof Check.Intervals intervals) {
        measures.add(named(check.name(), misplaced(intervals).agg(count(lit(1)).as("_n"))));
      } else if (check instanceof Check.Relationship relationship) {
        relationships.computeIfAbsent(scope(check), r -> new ArrayList<>()).add(relationship);
      }
    }
    aggregates.forEach((rows, columns) -> measures.addAll(stacked(rows, columns)));
    relationships.forEach((rows, checks) -> measures.add(dangling(rows(rows), checks)));
    Map<String, String> measured = new HashMap<>();
    measures.stream()
        .reduce(Dataset::unionAll)
        .ifPresent(
            all -> all.collectAsList().forEach(r -> measured.put(r.getString(0), r.getString(1))));
    return measured;
  }

  private static void aggregate(
      Map<Rows, Map<String, Column>> aggregates, Rows rows, String label, Column value) {
    aggregates.computeIfAbsent(rows, r -> new LinkedHashMap<>()).put(label, value);
  }

  private static void compare(
      AggregateCheck aggregateCheck,
      CheckResult.Scope scope,
      Map<Rows, Map<String, Column>> aggregates) {
    for (AggregateCheck.Side side : aggregateCheck.sides()) {
      if (scope == CheckResult.Scope.ALL) {
        aggregate(aggregates, all(side.table()), side.label(), side.value());
      } else if (scope == CheckResult.Scope.CHANGED) {
        Rows rows = new Rows(side.table(), scope);
        aggregate(aggregates, rows, side.label(), side.change());
      }
    }
  }

  private CheckResult result(Check check, Map<String, String> measured) {
    CheckResult.Scope scope = scope(check).scope();
    if (scope == CheckResult.Scope.EARLIER) {
      CheckResult earlier = changed.before(check).orElseThrow();
      return result(check, earlier.violations(), scope, earlier.sample());
    }
    Optional<AggregateCheck> aggregateCheck = AggregateCheck.of(check);
    if (aggregateCheck.isPresent()) {
      Optional<String> difference = aggregateCheck.get().difference(measured);
      return result(check, difference.isPresent() ? 1 : 0, scope, difference)
          .withExtreme(aggregateCheck.get().extreme(measured).filter(e -> difference.isEmpty()));
    }
    long violations = Long.parseLong(measured.get(check.name()));
    return result(
        check, violations, scope, violations == 0 ? Optional.empty() : Optional.of(sample(check)));
  }

  static CheckResult result(
      Check check, long violations, CheckResult.Scope scope, Optional<String> sample) {
    return new CheckResult(
        check.name(), check.kind(), table(check), check.severity(), violations, scope, sample);
  }

  /** Whether a row breaks a check of single rows; absent for the other kinds. */
  static Optional<Column> violated(Check check) {
    if (check instanceof Check.NotNull notNull) {
      return Optional.of(col(notNull.column()).isNull().and(selected(notNull.where())));
    }
    if (check instanceof Check.AcceptedValues accepted) {
      Column value = col(accepted.column()).cast("string");
      return Optional.of(value.isNotNull().and(not(value.isin(accepted.values().toArray()))));
    }
    if (check instanceof Check.Expression expression) {
      return Optional.of(not(coalesce(expr(expression.predicate()), lit(true))));
    }
    return Optional.empty();
  }

  static Column selected(Optional<String> where) {
    return coalesce(expr(where.orElse("true")), lit(false));
  }

  /** Groups of rows that are equal in the columns, with their size. */
  private Dataset<Row> repeated(Check.Unique check) {
    Dataset<Row> rows = tables.rows(qualified(check.table())).where(selected(check.where()));
    if (changed.enough(check, qualified(check.table()))) {
      Dataset<Row> keys =
          changed
              .now(qualified(check.table()))
              .where(selected(check.where()))
              .select(columns(check.columns()))
              .distinct();
      rows = rows.join(keys, NullSafe.same(rows, keys, check.columns()), "left_semi");
    }
    return rows.groupBy(columns(check.columns()))
        .agg(count(lit(1)).as("_rows"))
        .where(col("_rows").gt(1));
  }

  /** Versions that are empty, overlap the next one, or are wrongly marked as current or not. */
  private Dataset<Row> misplaced(Check.Intervals check) {
    Dimension dimension = dimension(check.table());
    Column from = col(Versions.VALID_FROM);
    Column until = col(Versions.VALID_TO);
    WindowSpec member =
        Window.partitionBy(columns(Observations.names(dimension.businessKey()))).orderBy(from);
    Column next = lead(Versions.VALID_FROM, 1).over(member);
    Column open = until.equalTo(lit(Versions.OPEN_END));
    Column holds =
        from.lt(until)
            .and(coalesce(col("_next").geq(until), lit(true)))
            .and(col(Versions.IS_CURRENT).eqNullSafe(open));
    return tables
        .rows(qualified(check.table()))
        .withColumn("_next", next)
        .where(not(coalesce(holds, lit(false))));
  }

  /** Counts, for each check, rows whose value the other table lacks. */
  private Dataset<Row> dangling(Dataset<Row> rows, List<Check.Relationship> checks) {
    Column[] values =
        checks.stream()
            .map(check -> col(check.column()).as("_value_" + checks.indexOf(check)))
            .toArray(Column[]::new);
    Dataset<Row> joined = rows.select(values);
    Map<String, Column> counts = new LinkedHashMap<>();
    for (int i = 0; i < checks.size(); i++) {
      Check.Relationship check = checks.get(i);
      Dataset<Row> keys =
          tables
              .rows(qualified(check.toTable()))
              .select(col(check.toColumn()).as("_key_" + i))
              .distinct();
      joined = joined.join(broadcast(keys), col("_value_" + i).equalTo(col("_key_" + i)), "left");
      counts.put(
          check.name(), count_if(col("_value_" + i).isNotNull().and(col("_key_" + i).isNull())));
    }
    return stacked(joined, counts);
  }

  /** Up to three keys of violating rows, as JSON. */
  private String sample(Check check) {
    Dataset<Row> rows;
    Column key;
    if (check instanceof Check.Unique unique) {
      rows = repeated(unique);
      key = struct(columns(unique.columns()));
    } else if (check instanceof Check.Relationship relationship) {
      Dataset<Row> keys =
          tables
              .rows(qualified(relationship.toTable()))
              .select(col(relationship.toColumn()).as("_key"));
      Dataset<Row> values = rows(scope(check)).where(col(relationship.column()).isNotNull());
      rows = values.join(keys, values.col(relationship.column()).equalTo(col("_key")), "left_anti");
      key = struct(col(relationship.column()));
    } else if (check instanceof Check.Intervals intervals) {
      rows = misplaced(intervals);
      key = struct(key(star, table(check), rows.columns()));
    } else {
      rows = rows(scope(check)).where(violated(check).orElseThrow());
      key = struct(key(star, table(check), rows.columns()));
    }
    return rows.select(to_json(key)).limit(SAMPLE).collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** The columns that tell rows of a table apart. */
  static Column[] key(Star star, String table, String[] columns) {
    for (Fact fact : star.facts()) {
      if (table.equals(qualified(fact.table()))) {
        return columns(fact.grain());
      }
    }
    for (Dimension dimension : star.dimensions()) {
      if (table.equals(qualified(dimension.table()))) {
        List<String> names = new ArrayList<>(List.of(dimension.surrogateKey()));
        names.addAll(Observations.names(dimension.businessKey()));
        return columns(names);
      }
    }
    return Arrays.stream(columns).limit(SAMPLE).map(c -> col(c)).toArray(Column[]::new);
  }

  private Rows scope(Check check) {
    Optional<AggregateCheck> aggregateCheck = AggregateCheck.of(check);
    if (aggregateCheck.isEmpty()) {
      return changed.enough(check, table(check))
          ? new Rows(table(check), CheckResult.Scope.CHANGED)
          : all(table(check));
    }
    if (aggregateCheck.get().adds() && changed.enough(check, aggregateCheck.get().tables())) {
      return new Rows(table(check), CheckResult.Scope.CHANGED);
    }
    return isEarlier(check, aggregateCheck.get()) && changed.before(check).isPresent()
        ? new Rows(table(check), CheckResult.Scope.EARLIER)
        : all(table(check));
  }

  /** Whether an increment keeps the result of the build before it, where there is one. */
  static boolean isEarlier(Check check, AggregateCheck aggregateCheck) {
    return aggregateCheck.countsDistinct() && check.severity() == Severity.WARN;
  }

  private static Rows all(String table) {
    return new Rows(qualified(table), CheckResult.Scope.ALL);
  }

  private Dataset<Row> rows(Rows rows) {
    return rows.scope() == CheckResult.Scope.CHANGED
        ? changed.now(rows.table())
        : tables.rows(rows.table());
  }

  /** Declares that the source is written while it is checked. */
  public void concurrentSource() {
    tables.concurrentSource();
  }

  private Dimension dimension(String table) {
    return star.dimensions().stream()
        .filter(d -> qualified(d.table()).equals(qualified(table)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(table + " is no dimension of star " + star.name()));
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(name -> col(name)).toArray(Column[]::new);
  }

  private static Dataset<Row> named(String label, Dataset<Row> count) {
    return count.select(lit(label).as("label"), col("_n").cast("string").as("value"));
  }

  /**
   * All aggregates of the rows in one scan; but those over distinct values in one each, for Spark
   * would multiply every row by their number.
   */
  private List<Dataset<Row>> stacked(Rows rows, Map<String, Column> aggregates) {
    Map<String, Column> together = new LinkedHashMap<>();
    Map<String, Column> sides = new LinkedHashMap<>();
    Map<Column, Map<String, Column>> alone = new LinkedHashMap<>();
    aggregates.forEach(
        (label, value) -> {
          if (AggregateCheck.distinct(value)) {
            alone.computeIfAbsent(value, v -> new LinkedHashMap<>()).put(label, value);
          } else if (AggregateCheck.isSide(label) && rows.scope() == CheckResult.Scope.CHANGED) {
            sides.put(label, value);
          } else {
            together.put(label, value);
          }
        });
    List<Dataset<Row>> scans = new ArrayList<>();
    if (!together.isEmpty()) {
      scans.add(stacked(rows(rows), together));
    }
    if (!sides.isEmpty()) {
      scans.add(stacked(changed.signed(rows.table()), sides));
    }
    alone.values().forEach(labels -> scans.add(stacked(rows(rows), labels)));
    return scans;
  }

  private static Dataset<Row> stacked(Dataset<Row> rows, Map<String, Column> aggregates) {
    List<Column> values = new ArrayList<>();
    List<Column> measures = new ArrayList<>();
    aggregates.forEach(
        (label, value) -> {
          String name = "_m" + values.size();
          values.add(value.cast("string").as(name));
          measures.add(struct(lit(label).as("label"), col(name).as("value")));
        });
    return rows.agg(values.get(0), values.subList(1, values.size()).toArray(Column[]::new))
        .select(explode(array(measures.toArray(Column[]::new))).as("_measure"))
        .select("_measure.*");
  }
}

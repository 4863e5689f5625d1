package io.medallion.gold.check;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.medallion.core.rows.RowImage;
import io.medallion.core.rows.RowProjection;
import io.medallion.core.rows.Values;
import io.medallion.gold.dimension.DimensionRows;
import io.medallion.gold.dimension.MemberIntervals;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Check;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Decides checks by the rows of one update in the driver's memory: a check that passed on all rows
 * at the last build can only fail by what came and went since. What cannot be decided so is left to
 * {@link Checks}.
 */
public final class DriverChecks {
  private static final int SAMPLE = 3;

  private final SparkSession spark;
  private final Star star;
  private final CheckedRows rows;
  private final CheckResult.Scope scope;
  private final Map<String, CheckResult> before = new HashMap<>();

  private DriverChecks(SparkSession spark, Star star, CheckedRows rows, CheckResult.Scope scope) {
    this.spark = spark;
    this.star = star;
    this.rows = rows;
    this.scope = scope;
  }

  /**
   * Checks of an update.
   *
   * @param before results of the last build
   */
  public static DriverChecks ofChanges(
      SparkSession spark, Star star, CheckedRows rows, List<CheckResult> before) {
    DriverChecks checks = new DriverChecks(spark, star, rows, CheckResult.Scope.CHANGED);
    before.forEach(result -> checks.before.put(result.check(), result));
    return checks;
  }

  /**
   * Checks of a first build.
   *
   * @param rows all rows that the tables have
   */
  public static DriverChecks ofAllRows(SparkSession spark, Star star, CheckedRows rows) {
    DriverChecks checks = new DriverChecks(spark, star, rows, CheckResult.Scope.ALL);
    // Tables without rows break no check.
    star.checks().forEach(check -> checks.before.put(check.name(), checks.passed(check)));
    return checks;
  }

  private boolean seesAllRows() {
    return scope == CheckResult.Scope.ALL;
  }

  /** For the checks that cannot be decided, the rows that they may be restricted to. */
  public ChangedRows changedRows() {
    return seesAllRows()
        ? ChangedRows.all()
        : ChangedRows.of(spark, star, rows, List.copyOf(before.values()));
  }

  /** The results of those checks that can be decided, by name. */
  public Map<String, CheckResult> results() {
    Map<String, CheckResult> results = new HashMap<>();
    Map<String, List<Check>> ofRows = new HashMap<>();
    for (Check check : star.checks()) {
      CheckResult last = before.get(check.name());
      if (last == null) {
        continue;
      }
      if (last.passed() && isOfRows(check)) {
        ofRows.computeIfAbsent(Checks.table(check), table -> new ArrayList<>()).add(check);
      } else {
        decide(check, last).ifPresent(result -> results.put(check.name(), result));
      }
    }
    ofRows.forEach((table, checks) -> evaluate(table, checks, results));
    return results;
  }

  private boolean isOfRows(Check check) {
    return Checks.violated(check).isPresent() && rows.tables().containsKey(Checks.table(check));
  }

  private Optional<CheckResult> decide(Check check, CheckResult last) {
    if (last.passed() && tablesOf(check).stream().allMatch(rows::isUnchanged)) {
      return Optional.of(passed(check).withExtreme(last.extreme()));
    }
    Optional<AggregateCheck> aggregate = AggregateCheck.of(check);
    if (!seesAllRows() && aggregate.filter(a -> Checks.isEarlier(check, a)).isPresent()) {
      return Optional.of(
          Checks.result(check, last.violations(), CheckResult.Scope.EARLIER, last.sample()));
    }
    if (check instanceof Check.RowCountRatio ratio) {
      return ratio(ratio, aggregate.orElseThrow());
    }
    if (!last.passed()) {
      return Optional.empty();
    }
    if (aggregate.isPresent()) {
      return AggregateChange.of(spark, rows, aggregate.get(), scope).decide(check, last);
    }
    if (check instanceof Check.Unique unique) {
      return holds(unique) ? Optional.of(passed(check)) : Optional.empty();
    }
    if (check instanceof Check.Relationship relationship) {
      return holds(relationship) ? Optional.of(passed(check)) : Optional.empty();
    }
    if (check instanceof Check.Intervals) {
      DimensionRows dimension = rows.dimensions().get(Checks.table(check));
      return dimension != null && MemberIntervals.hold(dimension)
          ? Optional.of(passed(check))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private CheckResult passed(Check check) {
    return Checks.result(check, 0, scope, Optional.empty());
  }

  private static Set<String> tablesOf(Check check) {
    Set<String> tables = new HashSet<>(Set.of(Checks.table(check)));
    AggregateCheck.of(check).ifPresent(aggregate -> tables.addAll(List.of(aggregate.tables())));
    if (check instanceof Check.Relationship relationship) {
      tables.add(Checks.qualified(relationship.toTable()));
    }
    return tables;
  }

  private Optional<CheckResult> ratio(Check.RowCountRatio check, AggregateCheck aggregate) {
    Map<String, String> measured = new HashMap<>();
    for (AggregateCheck.Side side : aggregate.sides()) {
      Long count = rows.rowCounts().get(side.table());
      if (count == null) {
        return Optional.empty();
      }
      measured.put(side.label(), count.toString());
    }
    Optional<String> difference = aggregate.difference(measured);
    return Optional.of(
        Checks.result(check, difference.isPresent() ? 1 : 0, CheckResult.Scope.ALL, difference));
  }

  private boolean holds(Check.Unique check) {
    String table = Checks.table(check);
    if (seesAllRows() && rows.tables().containsKey(table)) {
      List<InternalRow> all =
          rows.tables().get(table).images().stream().map(RowImage::row).toList();
      return unique(check, List.of(all));
    }
    List<String> grain = rows.grains().get(table);
    if (grain != null) {
      return check.columns().containsAll(grain);
    }
    DimensionRows dimension = rows.dimensions().get(table);
    if (dimension == null) {
      return false;
    }
    if (check.columns().contains(dimension.table().dimension().surrogateKey())) {
      return rows.uniqueSurrogates().contains(table);
    }
    List<String> businessKey =
        dimension.table().dimension().businessKey().stream().map(Star.Attribute::name).toList();
    return check.columns().containsAll(businessKey)
        // All rows of the members that changed are known: none of them may repeat another.
        && unique(check, dimension.versionsOfChangedMembers().values());
  }

  /** Whether no key is given to two rows of any of the groups. */
  private boolean unique(Check.Unique check, Collection<List<InternalRow>> groups) {
    StructType schema = rows.tables().get(Checks.table(check)).schema();
    RowProjection selected =
        RowProjection.of(spark, schema, List.of(Checks.selected(check.where()).as("_selected")));
    for (List<InternalRow> group : groups) {
      Set<List<Object>> keys = new HashSet<>();
      for (InternalRow row : group) {
        if (selected.apply(row).getBoolean(0) && !keys.add(values(row, schema, check.columns()))) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Object> values(InternalRow row, StructType schema, List<String> columns) {
    List<Object> values = new ArrayList<>();
    for (String name : columns) {
      int column = schema.fieldIndex(name);
      values.addAll(Values.of(row, schema, column, column + 1));
    }
    return values;
  }

  private boolean holds(Check.Relationship check) {
    String table = Checks.table(check);
    String toTable = Checks.qualified(check.toTable());
    CheckedRows.Changed changed = rows.tables().get(table);
    if (changed == null) {
      return false;
    }
    // What rows referred to before was there, and is unless its table lost it.
    Set<Object> values = values(changed, check.column(), true);
    values.removeAll(values(changed, check.column(), false));
    if (seesAllRows() && rows.tables().containsKey(toTable)) {
      return values(rows.tables().get(toTable), check.toColumn(), true).containsAll(values);
    }
    DimensionRows dimension = rows.dimensions().get(toTable);
    if (dimension != null
        && check.toColumn().equals(dimension.table().dimension().surrogateKey())) {
      return !rows.dangling().contains(table) && dimension.surrogates().containsAll(values);
    }
    CheckedRows.Calendar calendar = rows.calendar();
    return toTable.equals(calendar.table())
        && check.toColumn().equals(calendar.keyColumn())
        && values.stream().allMatch(day -> day instanceof Integer key && isCovered(key));
  }

  /** The values of a column in the rows that came, or in those that went. */
  private static Set<Object> values(CheckedRows.Changed changed, String name, boolean came) {
    Set<Object> values = new HashSet<>();
    int column = changed.schema().fieldIndex(name);
    changed.images().stream()
        .filter(image -> image.came() == came && !image.row().isNullAt(column))
        .forEach(image -> values.add(Values.value(image.row(), changed.schema(), column)));
    return values;
  }

  private boolean isCovered(int key) {
    if (key == 0) {
      return true;
    }
    try {
      LocalDate day = LocalDate.of(key / 10_000, key / 100 % 100, key % 100);
      return rows.calendar().years().contains(day.getYear());
    } catch (DateTimeException e) {
      return false; // no day has this key: the check is left to the tables, and fails there
    }
  }

  private void evaluate(String table, List<Check> checks, Map<String, CheckResult> results) {
    CheckedRows.Changed changed = rows.tables().get(table);
    List<InternalRow> came =
        changed.images().stream().filter(RowImage::came).map(RowImage::row).toList();
    List<Column> violated = new ArrayList<>();
    for (Check check : checks) {
      violated.add(
          coalesce(Checks.violated(check).orElseThrow(), lit(false)).as("_" + violated.size()));
    }
    List<List<InternalRow>> violating = new ArrayList<>();
    checks.forEach(check -> violating.add(new ArrayList<>()));
    if (!came.isEmpty()) {
      RowProjection projection = RowProjection.of(spark, changed.schema(), violated);
      for (InternalRow row : came) {
        InternalRow flags = projection.apply(row);
        for (int i = 0; i < checks.size(); i++) {
          if (flags.getBoolean(i)) {
            violating.get(i).add(row);
          }
        }
      }
    }
    for (int i = 0; i < checks.size(); i++) {
      List<InternalRow> found = violating.get(i);
      results.put(
          checks.get(i).name(),
          Checks.result(
              checks.get(i),
              found.size(),
              scope,
              found.isEmpty()
                  ? Optional.empty()
                  : Optional.of(sample(table, changed.schema(), found))));
    }
  }

  private String sample(String table, StructType schema, List<InternalRow> found) {
    Column key = to_json(struct(Checks.key(star, table, schema.fieldNames())));
    RowProjection projection = RowProjection.of(spark, schema, List.of(key.as("_key")));
    return found.stream()
        .limit(SAMPLE)
        .map(row -> projection.apply(row).getUTF8String(0).toString())
        .collect(Collectors.joining(",", "[", "]"));
  }
}

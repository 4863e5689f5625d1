package io.medallion.gold.build;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.rows.CollectedRows;
import io.medallion.core.rows.DriverRows;
import io.medallion.core.rows.RowImage;
import io.medallion.gold.check.CheckedRows;
import io.medallion.gold.dimension.DateDimensionTable;
import io.medallion.gold.dimension.DimensionRows;
import io.medallion.gold.dimension.DimensionTable;
import io.medallion.gold.dimension.HistoryColumns;
import io.medallion.gold.dimension.StarDimensions;
import io.medallion.gold.fact.FactRows;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.SourceImages;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * An update of a star by few changes, computed in the driver's memory.
 *
 * <p>Spark is asked for what changed; for the versions of the members that it names; for the rows
 * of the source that decide which versions those have now, and, where facts of other days are to
 * refer to another version, for those; and for the facts concerned. All else are plain functions
 * over these rows. Nothing is committed here, so that an update that does not add up has done
 * nothing.
 */
final class DriverUpdate {
  /** Of the rows that an update looks up there may be so many times as of those that changed. */
  private static final int HISTORY = 4;

  private final Star star;
  private final List<String> sourceKey;
  private final StarDimensions tables;
  private final Map<String, DimensionRows> dimensions = new LinkedHashMap<>();
  private final List<FactRows> facts = new ArrayList<>();
  private final SourceImages changes;
  private final Dataset<Row> source;
  private final Set<Integer> years = new TreeSet<>();
  private final Set<Integer> coveredYears = new TreeSet<>();
  private Optional<RowDifference> calendarDifference = Optional.empty();
  private Optional<Column[]> historyColumns = Optional.empty();
  private final Map<String, FactRows.Update> factUpdates = new LinkedHashMap<>();
  private final Set<String> uniqueSurrogates = new HashSet<>();
  private final Set<String> dangling = new HashSet<>();

  private DriverUpdate(StarTables tables, Dataset<Row> source, SourceImages changes) {
    this.star = tables.star();
    this.sourceKey = tables.sourceKey();
    this.tables = tables.dimensions();
    this.source = source;
    this.changes = changes;
    SparkSession spark = tables.spark();
    for (DimensionTable table : this.tables.byTable().values()) {
      dimensions.put(
          table.table().name(), new DimensionRows(spark, table, source.schema(), sourceKey));
    }
    tables
        .facts()
        .forEach(fact -> facts.add(new FactRows(spark, fact, source.schema(), dimensions)));
  }

  /**
   * Computes an update.
   *
   * @param firstVersion the first version of the source that the star has not seen
   * @param sourceVersion the version that the star is brought up to
   * @return absent where there are more rows than {@link DriverRows} allows
   */
  static Optional<DriverUpdate> of(StarTables tables, long firstVersion, long sourceVersion) {
    int mostRows = DriverRows.most(tables.spark());
    Dataset<Row> source = tables.sourceAt(sourceVersion);
    Dataset<Row> changes = tables.source().changes(firstVersion, sourceVersion);
    Optional<List<List<InternalRow>>> changed =
        mostRows == 0
            ? Optional.empty()
            : CollectedRows.upTo(mostRows, List.of(SourceImages.query(changes, source.schema())));
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    SourceImages images =
        SourceImages.of(changed.get().get(0), source.schema(), tables.sourceKey());
    DriverUpdate update = new DriverUpdate(tables, source, images);
    return update.compute(HISTORY * mostRows) ? Optional.of(update) : Optional.empty();
  }

  /**
   * Computes the first build, and makes the tables.
   *
   * @param sourceVersion the version that the star is brought up to
   * @return absent where there are more rows than {@link DriverRows} allows
   */
  static Optional<DriverUpdate> first(StarTables tables, long sourceVersion) {
    int mostRows = DriverRows.most(tables.spark());
    Dataset<Row> source = tables.sourceAt(sourceVersion);
    Optional<List<List<InternalRow>>> rows =
        tables.source().rowCount(sourceVersion) > mostRows
            ? Optional.empty()
            : CollectedRows.upTo(mostRows, List.of(source));
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    tables.create(source);
    DriverUpdate update =
        new DriverUpdate(
            tables,
            source,
            SourceImages.ofAll(
                rows.get().get(0), source.schema(), tables.sourceKey(), sourceVersion));
    update.computeFirst();
    return Optional.of(update);
  }

  private void computeFirst() {
    takeYears();
    for (DimensionRows dimension : dimensions.values()) {
      dimension.startFromNothing();
      dimension.observe(changes);
      dimension.update(dimension.affected(), List.of());
      if (dimension.givesSurrogatesOnce()) {
        uniqueSurrogates.add(dimension.table().table().qualifiedName());
      }
    }
    for (FactRows fact : facts) {
      fact.observe(changes, List.of());
      factUpdates.put(fact.table().table().name(), fact.update(List.of()));
    }
    calendarDifference =
        tables.calendar().map(calendar -> calendar.difference(years, Optional.empty()));
  }

  private boolean compute(int mostRows) {
    takeYears();
    dimensions.values().forEach(dimension -> dimension.observe(changes));
    Optional<List<List<InternalRow>>> held = CollectedRows.upTo(mostRows, heldQueries());
    if (held.isEmpty()) {
      return false;
    }
    takeHeld(held.get());
    calendarDifference =
        tables.calendar().map(calendar -> calendar.difference(years, Optional.of(coveredYears)));
    Map<DimensionRows, DimensionRows.Affected> affected = new LinkedHashMap<>();
    dimensions.values().forEach(d -> affected.put(d, d.affected()));
    Optional<Collection<InternalRow>> history = history(affected, mostRows);
    if (history.isEmpty()) {
      return false;
    }
    affected.forEach((dimension, members) -> dimension.update(members, history.get()));
    Optional<Collection<InternalRow>> further = furtherRows(affected, mostRows);
    if (further.isEmpty()) {
      return false;
    }
    List<InternalRow> rows = new ArrayList<>(history.get());
    rows.addAll(further.get());
    facts.forEach(fact -> fact.observe(changes, rows));
    return computeFacts(mostRows);
  }

  private void takeYears() {
    for (String column : star.dateDimension().map(DateDimension::columns).orElse(List.of())) {
      int date = source.schema().fieldIndex(column);
      for (RowImage image : changes.images()) {
        if (!image.row().isNullAt(date)) {
          years.add(LocalDate.ofEpochDay(image.row().getInt(date)).getYear());
        }
      }
    }
  }

  private List<Dataset<Row>> heldQueries() {
    List<Dataset<Row>> queries = new ArrayList<>();
    dimensions.values().forEach(dimension -> queries.add(dimension.heldQuery()));
    tables.calendar().ifPresent(calendar -> queries.add(calendar.coveredYearsQuery()));
    return queries;
  }

  private void takeHeld(List<List<InternalRow>> held) {
    int part = 0;
    for (DimensionRows dimension : dimensions.values()) {
      dimension.hold(held.get(part++));
    }
    if (tables.calendar().isPresent()) {
      held.get(part).forEach(row -> coveredYears.add(row.getInt(0)));
    }
  }

  /** The rows of the source that decide the versions of members. */
  private Optional<Collection<InternalRow>> history(
      Map<DimensionRows, DimensionRows.Affected> affected, int mostRows) {
    List<Column> wanted = new ArrayList<>();
    affected.forEach((dimension, members) -> dimension.historyRows(members).ifPresent(wanted::add));
    return sourceRows(wanted, mostRows);
  }

  /** Other rows of the source, of facts to which another version applies. */
  private Optional<Collection<InternalRow>> furtherRows(
      Map<DimensionRows, DimensionRows.Affected> affected, int mostRows) {
    List<Column> wanted = new ArrayList<>();
    affected.forEach(
        (dimension, members) ->
            dimension
                .furtherRows(members, asOf(dimension.table().dimension()))
                .ifPresent(wanted::add));
    return sourceRows(wanted, mostRows);
  }

  /** Rows of the source that any of the conditions is for, with the columns of all dimensions. */
  private Optional<Collection<InternalRow>> sourceRows(List<Column> wanted, int mostRows) {
    if (wanted.isEmpty()) {
      return Optional.of(List.of());
    }
    Column any = wanted.stream().reduce(Column::or).orElseThrow();
    return CollectedRows.upTo(mostRows, List.of(source.where(any).select(historyColumns())))
        .map(parts -> parts.get(0));
  }

  /** The source's columns, but NULL in place of those that decide nothing; resolved once. */
  private Column[] historyColumns() {
    if (historyColumns.isEmpty()) {
      Set<String> needed =
          HistoryColumns.of(source.schema(), star.dimensions(), star.facts(), sourceKey);
      historyColumns =
          Optional.of(
              Arrays.stream(source.schema().fields())
                  .map(
                      field ->
                          needed.contains(field.name())
                              ? col("`" + field.name() + "`")
                              : lit(null).cast(field.dataType()).as(field.name()))
                  .toArray(Column[]::new));
    }
    return historyColumns.get();
  }

  /** The days of which facts refer to a dimension. */
  private Set<String> asOf(Dimension dimension) {
    return star.facts().stream()
        .flatMap(fact -> fact.references().stream())
        .filter(reference -> reference.dimension().equals(dimension.table()))
        .map(Reference::asOf)
        .collect(Collectors.toSet());
  }

  /** Reads the facts concerned, and whether a new surrogate key is another member's. */
  private boolean computeFacts(int mostRows) {
    List<Dataset<Row>> queries = new ArrayList<>();
    List<FactRows> asked = new ArrayList<>();
    for (FactRows fact : facts) {
      fact.heldQuery()
          .ifPresent(
              query -> {
                queries.add(query);
                asked.add(fact);
              });
    }
    List<DimensionRows> grown = new ArrayList<>();
    for (DimensionRows dimension : dimensions.values()) {
      Optional<Dataset<Row>> sameKeys = dimension.sameSurrogatesQuery();
      if (sameKeys.isPresent()) {
        queries.add(sameKeys.get());
        grown.add(dimension);
      } else if (dimension.givesSurrogatesOnce()) {
        uniqueSurrogates.add(dimension.table().table().qualifiedName());
      }
    }
    Optional<List<List<InternalRow>>> rows = CollectedRows.upTo(mostRows, queries);
    if (rows.isEmpty()) {
      return false;
    }
    for (int i = 0; i < asked.size(); i++) {
      FactRows fact = asked.get(i);
      FactRows.Update update = fact.update(rows.get().get(i));
      factUpdates.put(fact.table().table().name(), update);
      if (update.dangling()) {
        dangling.add(fact.table().table().qualifiedName());
      }
    }
    facts.stream()
        .filter(fact -> !asked.contains(fact))
        .forEach(fact -> factUpdates.put(fact.table().table().name(), fact.update(List.of())));
    for (int i = 0; i < grown.size(); i++) {
      if (rows.get().get(asked.size() + i).isEmpty() && grown.get(i).givesSurrogatesOnce()) {
        uniqueSurrogates.add(grown.get(i).table().table().qualifiedName());
      }
    }
    return true;
  }

  /** How many images of rows of the source it took in. */
  long rowsIn() {
    return changes.images().size();
  }

  /** Facts that refer to another version, though their own row of the source did not change. */
  long repointed() {
    return factUpdates.values().stream().mapToLong(FactRows.Update::repointed).sum();
  }

  /** What has to change in the dimensions, by table. */
  Map<String, RowDifference> dimensionDifferences() {
    Map<String, RowDifference> differences = new LinkedHashMap<>();
    dimensions.forEach((table, dimension) -> differences.put(table, dimension.difference()));
    return differences;
  }

  /** What has to change in the calendar; absent where the star has none. */
  Optional<RowDifference> calendarDifference() {
    return calendarDifference;
  }

  /** What has to change in the facts, by table. */
  Map<String, FactRows.Update> factUpdates() {
    return factUpdates;
  }

  /** All differences, by table. */
  Map<String, RowDifference> differences() {
    Map<String, RowDifference> differences = dimensionDifferences();
    calendarDifference.ifPresent(
        difference -> differences.put(tables.calendar().orElseThrow().table().name(), difference));
    factUpdates.forEach((table, update) -> differences.put(table, update.difference()));
    return differences;
  }

  /**
   * What checks have to know.
   *
   * @param rowCounts rows of tables after the update, by qualified name
   */
  CheckedRows checkedRows(LakeTable sourceTable, Map<String, Long> rowCounts) {
    Map<String, CheckedRows.Changed> changed = new HashMap<>();
    changed.put(
        sourceTable.qualifiedName(), new CheckedRows.Changed(source.schema(), changes.images()));
    Map<String, DimensionRows> byName = new HashMap<>();
    for (DimensionRows dimension : dimensions.values()) {
      RowDifference difference = dimension.difference();
      String name = dimension.table().table().qualifiedName();
      changed.put(name, new CheckedRows.Changed(difference.schema(), difference.images()));
      byName.put(name, dimension);
    }
    Map<String, List<String>> grains = new HashMap<>();
    for (FactRows fact : facts) {
      FactRows.Update update = factUpdates.get(fact.table().table().name());
      String name = fact.table().table().qualifiedName();
      changed.put(
          name,
          new CheckedRows.Changed(update.difference().schema(), update.difference().images()));
      if (update.repeated().isEmpty()) {
        grains.put(name, fact.table().fact().grain());
      }
    }
    CheckedRows.Calendar calendar = new CheckedRows.Calendar("", "", Set.of());
    if (tables.calendar().isPresent()) {
      LakeTable table = tables.calendar().get().table();
      Set<Integer> missing = DateDimensionTable.missing(years, coveredYears);
      Set<Integer> all = new HashSet<>(coveredYears);
      all.addAll(missing);
      calendar = new CheckedRows.Calendar(table.qualifiedName(), DateDimensionTable.KEY, all);
      RowDifference difference = calendarDifference.orElseThrow();
      changed.put(
          table.qualifiedName(), new CheckedRows.Changed(difference.schema(), difference.images()));
    }
    return new CheckedRows(
        changed, rowCounts, byName, grains, uniqueSurrogates, dangling, calendar);
  }
}

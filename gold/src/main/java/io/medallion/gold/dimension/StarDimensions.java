package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.year;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.spark.Parallel;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.table.CachedTable;
import io.medallion.gold.table.TableChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Builds and updates all dimensions of a star and its calendar, several at a time. */
public final class StarDimensions implements AutoCloseable {
  private final Map<String, DimensionTable> dimensions = new LinkedHashMap<>();
  private final Optional<DateDimensionTable> calendar;
  private final List<String> dateColumns;

  /**
   * The dimensions of a star.
   *
   * @param sourceKey the business key of the star's source
   * @param tables finds a table of gold by its name
   */
  public StarDimensions(Star star, List<String> sourceKey, Function<String, LakeTable> tables) {
    for (Dimension dimension : star.dimensions()) {
      dimensions.put(
          dimension.table(),
          new DimensionTable(tables.apply(dimension.table()), dimension, sourceKey));
    }
    this.calendar =
        star.dateDimension().map(date -> new DateDimensionTable(tables.apply(date.table()), date));
    this.dateColumns = star.dateDimension().map(DateDimension::columns).orElse(List.of());
  }

  /** The dimensions without the calendar, by table. */
  public Map<String, DimensionTable> byTable() {
    return Collections.unmodifiableMap(dimensions);
  }

  /** Makes all tables, without rows. */
  public void create(Dataset<Row> source) {
    dimensions.values().forEach(dimension -> dimension.create(source));
    calendar.ifPresent(DateDimensionTable::create);
  }

  /** The calendar, where the star has one. */
  public Optional<DateDimensionTable> calendar() {
    return calendar;
  }

  /** All tables, the calendar last. */
  public List<LakeTable> tables() {
    List<LakeTable> tables = new ArrayList<>();
    dimensions.values().forEach(dimension -> tables.add(dimension.table()));
    calendar.ifPresent(days -> tables.add(days.table()));
    return tables;
  }

  /** The latest rows of all tables, by qualified name. */
  public Map<String, CachedTable> cached() {
    Map<String, CachedTable> cached = new HashMap<>();
    dimensions.values().forEach(d -> cached.put(d.table().qualifiedName(), d.cached()));
    calendar.ifPresent(days -> cached.put(days.table().qualifiedName(), days.cached()));
    return cached;
  }

  /**
   * Rows of the source, counted.
   *
   * @param count how many there are
   * @param years the years that the calendar must cover for them
   */
  public record SourceRows(long count, Set<Integer> years) {}

  /** Counts rows of the source, in one scan. */
  public SourceRows scan(Dataset<Row> source) {
    Column[] yearsOfColumns =
        dateColumns.stream().map(column -> collect_set(year(col(column)))).toArray(Column[]::new);
    Row counted = source.agg(count(lit(1)), yearsOfColumns).head();
    Set<Integer> years = new TreeSet<>();
    for (int i = 1; i < counted.size(); i++) {
      years.addAll(counted.getList(i));
    }
    return new SourceRows(counted.getLong(0), years);
  }

  /**
   * Builds all tables from nothing.
   *
   * @param committed called after each commit
   */
  public void rebuild(Dataset<Row> source, int threads, Consumer<TableChange> committed) {
    List<Parallel.Work> work = new ArrayList<>();
    calendar.ifPresent(
        days ->
            work.add(
                work(days.table(), () -> committed.accept(days.rebuild(scan(source).years())))));
    dimensions
        .values()
        .forEach(
            dimension ->
                work.add(
                    work(dimension.table(), () -> committed.accept(dimension.rebuild(source)))));
    Parallel.run(source.sparkSession(), threads, work);
  }

  /**
   * The keys of every dimension whose versions {@code changes} may alter.
   *
   * @param before the versions of the tables as the last build left them, by qualified name
   */
  public AffectedKeys affectedKeys(SilverChanges changes, Map<String, Long> before, int threads) {
    return AffectedKeys.by(changes, dimensions.values(), before, threads);
  }

  /** Whether a dimension has been committed to since the versions, by qualified name. */
  public boolean haveChangedSince(Map<String, Long> versions) {
    return dimensions.values().stream()
        .anyMatch(d -> d.table().hasChangedSince(versions.get(d.table().qualifiedName())));
  }

  /**
   * Computes the versions of the affected keys anew, and extends the calendar.
   *
   * @param source all rows of the source that name an affected key, as they are now
   * @param years the years that the calendar must cover
   * @param before the versions of the tables that facts refer to, by qualified name
   * @param committed called after each commit
   * @return by dimension, the members whose facts may have to be re-pointed; closed by the caller
   */
  public Map<String, MemberKeys> update(
      AffectedKeys affectedKeys,
      Dataset<Row> source,
      Set<Integer> years,
      Map<String, Long> before,
      int threads,
      Consumer<TableChange> committed) {
    Map<String, MemberKeys> toRepoint = new ConcurrentHashMap<>();
    List<Parallel.Work> work = new ArrayList<>();
    for (MemberKeys memberKeys : affectedKeys.memberKeys()) {
      DimensionTable dimension = memberKeys.dimension();
      work.add(
          work(
              dimension.table(),
              () -> {
                DimensionTable.Update update =
                    dimension.update(
                        memberKeys, source, before.get(dimension.table().qualifiedName()));
                update.toRepoint().ifPresent(keys -> toRepoint.put(dimension.table().name(), keys));
                committed.accept(update.change());
              }));
    }
    calendar.ifPresent(
        days -> work.add(work(days.table(), () -> committed.accept(days.extend(years)))));
    try {
      Parallel.run(source.sparkSession(), threads, work);
      return toRepoint;
    } catch (RuntimeException e) {
      toRepoint.values().forEach(MemberKeys::close);
      throw e;
    }
  }

  private static Parallel.Work work(LakeTable table, Parallel.Task task) {
    return new Parallel.Work(table.qualifiedName(), task);
  }

  /** Releases the rows that are cached from build to build. */
  @Override
  public void close() {
    cached().values().forEach(CachedTable::close);
  }
}

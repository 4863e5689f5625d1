package io.medallion.gold.build;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.year;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.Parallel;
import io.medallion.gold.check.ChangedRows;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.check.Checks;
import io.medallion.gold.dimension.AffectedKeys;
import io.medallion.gold.dimension.DateDimensionTable;
import io.medallion.gold.dimension.DimensionTable;
import io.medallion.gold.dimension.MemberKeys;
import io.medallion.gold.dimension.SilverChanges;
import io.medallion.gold.fact.AffectedRows;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.table.CachedTable;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Brings one star to one version of its source.
 *
 * <p>Every table is compared with what the source at that version says, and only what differs is
 * committed. A build that was ended between two commits therefore ends in the same content when it
 * runs again. Which facts to look at once more is told by the dimensions' own history since the
 * last build in the ledger, which is written last.
 */
public final class GoldBatch implements AutoCloseable {
  private static final String JOB = "gold";

  private final SparkSession spark;
  private final Star star;
  private final Contract contract;
  private final Clock clock;
  private final String runId;
  private final CommitPoint commitPoint;
  private final Ledger ledger;
  private final LakeTable source;
  private final Map<String, DimensionTable> dimensions = new LinkedHashMap<>();
  private final Optional<DateDimensionTable> dates;
  private final List<FactTable> facts = new ArrayList<>();
  private final CheckResults checkResults;
  private final Lake lake;
  private Optional<Entry> last = Optional.empty();
  private Optional<List<CheckResult>> lastResults = Optional.empty();
  private boolean sourceMoves;

  GoldBatch(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      Star star,
      Clock clock,
      String runId,
      CommitPoint commitPoint) {
    this.spark = spark;
    this.lake = lake;
    this.star = star;
    this.contract = contract;
    this.clock = clock;
    this.runId = runId;
    this.commitPoint = commitPoint;
    this.ledger = ledger;
    this.checkResults = new CheckResults(spark, lake);
    this.source = lake.table(spark, Lake.Layer.SILVER, star.source());
    for (Dimension dimension : star.dimensions()) {
      dimensions.put(
          dimension.table(),
          new DimensionTable(gold(dimension.table()), dimension, contract.businessKey()));
    }
    this.dates = star.dateDimension().map(date -> new DateDimensionTable(gold(date.table()), date));
    for (Fact fact : star.facts()) {
      facts.add(new FactTable(gold(fact.table()), fact, contract, dimensions));
    }
  }

  private LakeTable gold(String table) {
    return lake.table(spark, Lake.Layer.GOLD, table);
  }

  /** The source. */
  LakeTable source() {
    return source;
  }

  /**
   * Tells that the source is written while the star is built: then a version of it must be asked
   * for by its number, though it is the latest one now.
   */
  void sourceMoves() {
    this.sourceMoves = true;
  }

  /** A build beside a stream that fills the source leaves that stream its part of the machine. */
  private int threads() {
    return sourceMoves ? 1 : Parallel.THREADS;
  }

  private Dataset<Row> sourceAt(long version) {
    return sourceMoves ? source.read(version) : GoldTable.at(source, version);
  }

  /** The last build in the ledger, which is read once: nothing else writes builds of the star. */
  Optional<Entry> last() {
    if (last.isEmpty()) {
      last = ledger.last(JOB, star.name());
    }
    return last;
  }

  /**
   * Why changes cannot be applied to what the last build left, if they cannot: then everything is
   * built from nothing.
   */
  Optional<String> reasonToRebuild(Entry last) {
    if (!last.fingerprint().equals(fingerprint())) {
      return Optional.of("the star or its contract was edited since the last build");
    }
    for (LakeTable table : tables()) {
      Long recorded = last.versions().get(table.qualifiedName());
      if (recorded == null || table.version() < recorded) {
        return Optional.of(table.qualifiedName() + " is not what the last build left");
      }
    }
    return Optional.empty();
  }

  /**
   * Brings the star to a version of the source.
   *
   * @return what was done; absent where the star was there already
   */
  public Optional<GoldSummary.Build> bringTo(long sourceVersion) {
    Optional<Entry> done = last();
    if (done.isEmpty()) {
      return Optional.of(rebuild(sourceVersion, 0, "this is the first build"));
    }
    long number = done.get().batchId() + 1;
    Optional<String> reason = reasonToRebuild(done.get());
    if (reason.isPresent()) {
      long newest = Math.max(sourceVersion, mirrored(done.get()));
      return Optional.of(rebuild(newest, number, reason.get()));
    }
    if (mirrored(done.get()) >= sourceVersion) {
      return Optional.empty();
    }
    try (InterpretedPlans plans = InterpretedPlans.of(spark, InterpretedPlans.small(source))) {
      return Optional.of(update(done.get(), sourceVersion, number));
    }
  }

  private GoldSummary.Build rebuild(long sourceVersion, long number, String reason) {
    Instant startedAt = clock.instant();
    Stopwatch watch = new Stopwatch();
    Dataset<Row> rows = sourceAt(sourceVersion);
    long sourceRows = rows.count();
    try (InterpretedPlans plans =
        InterpretedPlans.of(spark, InterpretedPlans.few(spark, sourceRows))) {
      return rebuild(
          rows,
          new Progress(
              number,
              sourceVersion,
              Optional.of(reason),
              sourceRows,
              0,
              startedAt,
              new ConcurrentHashMap<>()),
          watch);
    }
  }

  private GoldSummary.Build rebuild(Dataset<Row> rows, Progress progress, Stopwatch watch) {
    Map<String, TableChange> changes = progress.changes();
    List<Parallel.Work> work = new ArrayList<>();
    dates.ifPresent(
        calendar ->
            work.add(
                () -> {
                  Set<Integer> years = years(rows.agg(count(lit(1)), yearsSeen()).head());
                  committed(changes, calendar.rebuild(years));
                }));
    dimensions
        .values()
        .forEach(dimension -> work.add(() -> committed(changes, dimension.rebuild(rows))));
    Parallel.run(spark, threads(), work);
    Duration dimensionsTook = watch.lap();
    for (FactTable fact : facts) {
      committed(changes, fact.rebuild(rows, progress.rowsIn()));
    }
    Duration factsTook = watch.lap();
    Checks checks = checks(progress.sourceVersion(), ChangedRows.all());
    return finish(progress, checks, dimensionsTook, factsTook, watch);
  }

  private GoldSummary.Build update(Entry last, long sourceVersion, long number) {
    Instant startedAt = clock.instant();
    Stopwatch watch = new Stopwatch();
    Dataset<Row> rows = sourceAt(sourceVersion);
    Map<String, TableChange> changes = new ConcurrentHashMap<>();
    Map<String, MemberKeys> moved = new ConcurrentHashMap<>();
    try (SilverChanges silver =
            SilverChanges.between(
                source, mirrored(last) + 1, sourceVersion, contract.businessKey());
        AffectedKeys touched = AffectedKeys.by(silver, dimensions.values(), threads());
        AffectedRows affected =
            AffectedRows.of(rows, touched.members(), star.facts(), contract.businessKey())) {
      Row seen = silver.images().agg(count(lit(1)), yearsSeen()).head();
      // A build that was ended may have moved members that are not touched again.
      boolean resumed =
          dimensions.values().stream().anyMatch(d -> d.table().hasChangedSince(before(d, last)));
      List<Parallel.Work> work = new ArrayList<>();
      for (MemberKeys members : touched.members()) {
        DimensionTable dimension = members.dimension();
        work.add(
            () -> {
              DimensionTable.Update update =
                  dimension.update(members, affected.rows(), before(dimension, last));
              committed(changes, update.change());
              update.moved().ifPresent(m -> moved.put(dimension.table().name(), m));
            });
      }
      dates.ifPresent(calendar -> work.add(() -> committed(changes, calendar.extend(years(seen)))));
      Parallel.run(spark, threads(), work);
      Duration dimensionsTook = watch.lap();
      long sourceRows = rows.count();
      long repointed = 0;
      for (FactTable fact : facts) {
        long before = last.versions().get(fact.table().qualifiedName());
        FactTable.Update update =
            fact.update(silver, resumed ? rows : affected.rows(), sourceRows, moved, before);
        committed(changes, update.change());
        repointed += update.repointed();
      }
      Duration factsTook = watch.lap();
      Checks checks =
          checks(
              sourceVersion,
              ChangedRows.since(last, source, silver, facts, changes, lastResults()));
      Progress progress =
          new Progress(
              number,
              sourceVersion,
              Optional.empty(),
              seen.getLong(0),
              repointed,
              startedAt,
              changes);
      return finish(progress, checks, dimensionsTook, factsTook, watch);
    } finally {
      moved.values().forEach(MemberKeys::close);
    }
  }

  private List<CheckResult> lastResults() {
    return lastResults.orElseGet(() -> checkResults.latest(star.name()));
  }

  private static long before(DimensionTable dimension, Entry last) {
    return last.versions().get(dimension.table().qualifiedName());
  }

  private Checks checks(long sourceVersion, ChangedRows changed) {
    Map<String, CachedTable> held = new HashMap<>();
    dimensions.values().forEach(d -> held.put(d.table().qualifiedName(), d.held()));
    dates.ifPresent(calendar -> held.put(calendar.table().qualifiedName(), calendar.held()));
    Checks checks = new Checks(spark, lake, star, sourceVersion, held, changed);
    if (sourceMoves) {
      checks.sourceMoves();
    }
    return checks;
  }

  private record Progress(
      long number,
      long sourceVersion,
      Optional<String> reason,
      long rowsIn,
      long repointed,
      Instant startedAt,
      Map<String, TableChange> changes) {}

  private GoldSummary.Build finish(
      Progress progress,
      Checks checks,
      Duration dimensionsTook,
      Duration factsTook,
      Stopwatch watch) {
    List<CheckResult> results = checks.evaluate();
    checkResults.append(runId, star.name(), progress.number(), results, clock.instant());
    commitPoint.committed("check_results");
    List<TableChange> changes =
        tables().stream().map(table -> progress.changes().get(table.name())).toList();
    GoldSummary.Build build =
        new GoldSummary.Build(
            progress.number(),
            progress.sourceVersion(),
            progress.reason(),
            progress.rowsIn(),
            changes,
            progress.repointed(),
            results,
            dimensionsTook,
            factsTook,
            watch.lap());
    Map<String, Long> versions = new HashMap<>();
    tables().forEach(table -> versions.put(table.qualifiedName(), table.version()));
    versions.put(source.qualifiedName(), progress.sourceVersion());
    Entry entry =
        Entry.ofBatch(JOB, star.name(), progress.number())
            .runId(runId)
            .fingerprint(fingerprint())
            .between(progress.startedAt(), clock.instant())
            .rowsIn(build.rowsIn())
            .rowsWritten(build.rowsWritten())
            .versions(versions)
            .build();
    ledger.append(entry);
    last = Optional.of(entry);
    lastResults = Optional.of(results);
    commitPoint.committed("runs");
    return build;
  }

  private void committed(Map<String, TableChange> changes, TableChange change) {
    changes.put(change.table(), change);
    commitPoint.committed(change.table());
  }

  /** Lets go of the dimensions that are kept from build to build. */
  @Override
  public void close() {
    dimensions.values().forEach(DimensionTable::close);
    dates.ifPresent(calendar -> calendar.held().close());
  }

  private List<LakeTable> tables() {
    List<LakeTable> tables = new ArrayList<>();
    dimensions.values().forEach(dimension -> tables.add(dimension.table()));
    dates.ifPresent(calendar -> tables.add(calendar.table()));
    facts.forEach(fact -> tables.add(fact.table()));
    return tables;
  }

  private long mirrored(Entry entry) {
    return entry.versions().getOrDefault(source.qualifiedName(), -1L);
  }

  private String fingerprint() {
    return star.digest() + "+" + contract.digest();
  }

  private Column[] yearsSeen() {
    return dates
        .map(calendar -> star.dateDimension().orElseThrow().columns())
        .orElse(List.of())
        .stream()
        .map(column -> collect_set(year(col(column))))
        .toArray(Column[]::new);
  }

  /** Of a row that counts first, and has {@link #yearsSeen} then. */
  private static Set<Integer> years(Row seen) {
    Set<Integer> years = new TreeSet<>();
    for (int i = 1; i < seen.size(); i++) {
      years.addAll(seen.getList(i));
    }
    return years;
  }
}

package io.medallion.gold.build;

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
import io.medallion.gold.dimension.AffectedRows;
import io.medallion.gold.dimension.MemberKeys;
import io.medallion.gold.dimension.SilverChanges;
import io.medallion.gold.dimension.StarDimensions;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Builds one star up to one version of its source.
 *
 * <p>Every table is compared with what follows from the source at that version, and only the
 * difference is committed. A build that was interrupted between two commits therefore ends in the
 * same content when it runs again. Which facts to re-point follows from the commits to the
 * dimensions since the last build in the ledger; the ledger is written last.
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
  private final StarDimensions dimensions;
  private final List<FactTable> facts = new ArrayList<>();
  private final CheckResults checkResults;
  private final Lake lake;
  private Optional<Entry> last = Optional.empty();
  private Optional<List<CheckResult>> lastResults = Optional.empty();
  private boolean concurrentSource;

  GoldBatch(
      SparkSession spark,
      Lake lake,
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
    this.ledger = new Ledger(spark, lake);
    this.checkResults = new CheckResults(spark, lake);
    this.source = lake.table(spark, Lake.Layer.SILVER, star.source());
    this.dimensions = new StarDimensions(star, contract.businessKey(), this::gold);
    for (Fact fact : star.facts()) {
      facts.add(new FactTable(gold(fact.table()), fact, contract, dimensions.byTable()));
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
   * Declares that the source is written while the star is built: then a version of it must be read
   * by its number, though it is the latest one now.
   */
  void concurrentSource() {
    this.concurrentSource = true;
  }

  /** A build beside a stream that fills the source leaves that stream its part of the machine. */
  private int threads() {
    return concurrentSource ? 1 : Parallel.THREADS;
  }

  private Dataset<Row> sourceAt(long version) {
    return concurrentSource ? source.read(version) : GoldTable.at(source, version);
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
   * Builds the star up to a version of the source.
   *
   * @return what was done; absent where the star was built to that version already
   */
  public Optional<GoldSummary.Build> buildTo(long sourceVersion) {
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
    dimensions.rebuild(rows, threads(), change -> committed(changes, change));
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
    Map<String, MemberKeys> toRepoint = Map.of();
    try (SilverChanges silver =
            SilverChanges.between(
                source, mirrored(last) + 1, sourceVersion, contract.businessKey());
        AffectedKeys affectedKeys = dimensions.affectedKeys(silver, threads());
        AffectedRows affectedRows =
            AffectedRows.of(
                rows, affectedKeys.memberKeys(), star.facts(), contract.businessKey())) {
      StarDimensions.SourceRows changed = dimensions.scan(silver.images());
      // An interrupted build may have committed versions of members that are not affected now.
      boolean resumed = dimensions.haveChangedSince(last.versions());
      toRepoint =
          dimensions.update(
              affectedKeys,
              affectedRows.rows(),
              changed.years(),
              last.versions(),
              threads(),
              change -> committed(changes, change));
      Duration dimensionsTook = watch.lap();
      long sourceRows = rows.count();
      long repointed = 0;
      for (FactTable fact : facts) {
        long before = last.versions().get(fact.table().qualifiedName());
        FactTable.Update update =
            fact.update(
                silver, resumed ? rows : affectedRows.rows(), sourceRows, toRepoint, before);
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
              changed.count(),
              repointed,
              startedAt,
              changes);
      return finish(progress, checks, dimensionsTook, factsTook, watch);
    } finally {
      toRepoint.values().forEach(MemberKeys::close);
    }
  }

  private List<CheckResult> lastResults() {
    return lastResults.orElseGet(() -> checkResults.latest(star.name()));
  }

  private Checks checks(long sourceVersion, ChangedRows changed) {
    Checks checks = new Checks(spark, lake, star, sourceVersion, dimensions.cached(), changed);
    if (concurrentSource) {
      checks.concurrentSource();
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
        new Entry(
            runId,
            JOB,
            star.name(),
            progress.number(),
            fingerprint(),
            progress.startedAt(),
            clock.instant(),
            0,
            0,
            0,
            build.rowsIn(),
            build.rowsWritten(),
            versions,
            List.of());
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

  /** Releases the dimensions that are cached from build to build. */
  @Override
  public void close() {
    dimensions.close();
  }

  private List<LakeTable> tables() {
    List<LakeTable> tables = dimensions.tables();
    facts.forEach(fact -> tables.add(fact.table()));
    return tables;
  }

  private long mirrored(Entry entry) {
    return entry.versions().getOrDefault(source.qualifiedName(), -1L);
  }

  private String fingerprint() {
    return star.digest() + "+" + contract.digest();
  }
}

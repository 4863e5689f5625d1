package io.medallion.gold.build;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.core.spark.Parallel;
import io.medallion.gold.check.ChangedRows;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.fact.FactTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.table.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Builds one star up to one version of its source, and records that in the ledger, last of all.
 *
 * <p>Few changes are computed in the driver's memory, many by Spark's plans, and where changes
 * cannot be applied to what the last build left everything is built from nothing. The content does
 * not depend on the way.
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
  private final StarTables tables;
  private final LakeTable source;
  private final CheckResults checkResults;
  private Optional<Entry> last = Optional.empty();
  private Optional<List<CheckResult>> lastResults = Optional.empty();
  private BuildChanges changes = BuildChanges.NONE;

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
    this.star = star;
    this.contract = contract;
    this.clock = clock;
    this.runId = runId;
    this.commitPoint = commitPoint;
    this.ledger = ledger;
    this.tables = new StarTables(spark, lake, contract, star);
    this.source = tables.source();
    this.checkResults = new CheckResults(spark, lake);
  }

  /** The source. */
  LakeTable source() {
    return source;
  }

  /** Declares that the source is written while the star is built. */
  void concurrentSource() {
    tables.concurrentSource();
  }

  /** A build beside a stream that fills the source leaves that stream its part of the machine. */
  private int threads() {
    return tables.hasConcurrentSource() ? 1 : Parallel.THREADS;
  }

  /** The last build in the ledger, which is read once: nothing else writes builds of the star. */
  Optional<Entry> last() {
    if (last.isEmpty()) {
      last = ledger.last(JOB, star.name());
    }
    return last;
  }

  private List<CheckResult> lastResults() {
    if (lastResults.isEmpty()) {
      lastResults = Optional.of(checkResults.latest(star.name()));
    }
    return lastResults.get();
  }

  /** Reads ledger and results again when they are asked for. */
  void forgetLast() {
    last = Optional.empty();
    lastResults = Optional.empty();
  }

  /** What the last call of {@link #buildTo} changed. */
  BuildChanges changes() {
    return changes;
  }

  /** Whether there is something to build. */
  boolean isDue() {
    return last().isEmpty()
        || reasonToRebuild(last().get()).isPresent()
        || source.hasChangedSince(mirrored(last().get()));
  }

  /**
   * Why changes cannot be applied to what the last build left, if they cannot: then everything is
   * built from nothing.
   */
  Optional<String> reasonToRebuild(Entry last) {
    if (!last.fingerprint().equals(fingerprint())) {
      return Optional.of("the star or its contract was edited since the last build");
    }
    for (LakeTable table : tables.all()) {
      Long recorded = last.versions().get(table.qualifiedName());
      if (recorded == null || table.version() < recorded) {
        return Optional.of(table.qualifiedName() + " is not what the last build left");
      }
    }
    return Optional.empty();
  }

  /** Evaluates every check on all rows that the tables have now; writes nothing. */
  FullCheck checkAll(Entry last) {
    List<String> written =
        tables.all().stream()
            .filter(table -> table.hasChangedSince(last.versions().get(table.qualifiedName())))
            .map(LakeTable::qualifiedName)
            .toList();
    try (InterpretedPlans plans = InterpretedPlans.of(spark, InterpretedPlans.small(source))) {
      return new FullCheck(
          tables.checks(star, mirrored(last), ChangedRows.all()).evaluate(), written);
    }
  }

  /**
   * Builds the star up to a version of the source.
   *
   * @return what was done; absent where the star was built to that version already
   */
  public Optional<GoldSummary.Build> buildTo(long sourceVersion) {
    changes = BuildChanges.NONE;
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
    if (!logReachesBack(mirrored(done.get()), sourceVersion)) {
      return Optional.of(
          rebuild(
              sourceVersion,
              number,
              "the log of " + source.qualifiedName() + " does not reach back to the last build"));
    }
    return Optional.of(update(done.get(), number, sourceVersion));
  }

  /** Delta removes commits from a log after a time: what they changed cannot be asked for then. */
  private boolean logReachesBack(long after, long upTo) {
    return source.at(upTo).map(version -> version.commitsAfter(after).isWhole()).orElse(true);
  }

  /**
   * @param next the number after that of the last build in the ledger
   */
  private GoldSummary.Build rebuild(long sourceVersion, long next, String reason) {
    // Above all that the tables have: what a build of another definition left before it was cut
    // off must not be taken for this one's.
    long number = Math.max(next, LabelledCommits.lastBuild(star.name(), tables.all()) + 1);
    Progress progress = new Progress(number, sourceVersion, Optional.of(reason));
    if (tables.all().stream().noneMatch(LakeTable::exists)) {
      Optional<DriverUpdate> few = DriverUpdate.first(tables, sourceVersion);
      if (few.isPresent()) {
        return finish(
            progress,
            new DriverCommits(tables, few.get(), sourceVersion, progress.label())
                .apply(threads(), Optional.empty(), progress::committed));
      }
    }
    Stopwatch watch = new Stopwatch();
    Dataset<Row> rows = tables.sourceAt(sourceVersion);
    long sourceRows = source.rowCount(sourceVersion);
    try (InterpretedPlans plans =
        InterpretedPlans.of(spark, InterpretedPlans.few(spark, sourceRows))) {
      Duration dimensionsTook;
      try (LabelledCommits commits = LabelledCommits.of(spark, progress.label())) {
        tables.dimensions().rebuild(rows, threads(), progress::committed);
        dimensionsTook = watch.lap();
        for (FactTable fact : tables.facts()) {
          progress.committed(fact.rebuild(rows, sourceRows));
        }
      }
      Duration factsTook = watch.lap();
      List<CheckResult> results = tables.checks(star, sourceVersion, ChangedRows.all()).evaluate();
      return finish(
          progress, new Update(sourceRows, 0, results, dimensionsTook, factsTook, watch.lap()));
    }
  }

  /**
   * @param next the number after that of the last build
   */
  private GoldSummary.Build update(Entry last, long next, long sourceVersion) {
    long firstVersion = mirrored(last) + 1;
    boolean isAsLeft = isAsTheLastBuildLeftIt(last);
    // A build that was cut off is repeated under its number.
    long made = isAsLeft ? next : LabelledCommits.lastBuild(star.name(), tables.all());
    Progress progress =
        new Progress(made > next ? made + 1 : next, sourceVersion, Optional.empty());
    if (isAsLeft) {
      Optional<DriverUpdate> few = DriverUpdate.of(tables, firstVersion, sourceVersion);
      if (few.isPresent()) {
        Update update =
            new DriverCommits(tables, few.get(), sourceVersion, progress.label())
                .apply(threads(), Optional.of(lastResults()), progress::committed);
        GoldSummary.Build build = finish(progress, update);
        changes = BuildChanges.of(few.get().differences(), last.versions(), progress.changes());
        return build;
      }
    }
    try (InterpretedPlans plans = InterpretedPlans.of(spark, InterpretedPlans.small(source))) {
      return finish(
          progress,
          new PlanUpdate(tables, threads(), progress.label())
              .apply(last, firstVersion, sourceVersion, lastResults(), progress::committed));
    }
  }

  /** Whether no build was ended since, after some of its commits. */
  private boolean isAsTheLastBuildLeftIt(Entry last) {
    return tables.all().stream()
        .noneMatch(table -> table.hasChangedSince(last.versions().get(table.qualifiedName())));
  }

  /** A build that is under way. */
  private final class Progress {
    private final long number;
    private final long sourceVersion;
    private final Optional<String> reason;
    private final Instant startedAt = clock.instant();
    private final Map<String, TableChange> changes = new ConcurrentHashMap<>();

    Progress(long number, long sourceVersion, Optional<String> reason) {
      this.number = number;
      this.sourceVersion = sourceVersion;
      this.reason = reason;
    }

    CommitLabel label() {
      return LabelledCommits.label(star.name(), number, sourceVersion);
    }

    void committed(TableChange change) {
      changes.put(change.table(), change);
      commitPoint.committed(change.table());
    }

    List<TableChange> changes() {
      return tables.all().stream().map(table -> changes.get(table.name())).toList();
    }
  }

  private GoldSummary.Build finish(Progress progress, Update update) {
    Stopwatch watch = new Stopwatch();
    checkResults.append(runId, star.name(), progress.number, update.results(), clock.instant());
    commitPoint.committed("check_results");
    Map<String, Long> versions = new HashMap<>();
    progress.changes().forEach(change -> versions.put("gold." + change.table(), change.version()));
    versions.put(source.qualifiedName(), progress.sourceVersion);
    GoldSummary.Build build =
        new GoldSummary.Build(
            progress.number,
            progress.sourceVersion,
            progress.reason,
            update.rowsIn(),
            progress.changes(),
            update.repointed(),
            update.results(),
            progress.startedAt,
            clock.instant(),
            update.dimensionsTook(),
            update.factsTook(),
            update.checksTook().plus(watch.lap()));
    Entry entry =
        Entry.ofBatch(JOB, star.name(), progress.number)
            .runId(runId)
            .fingerprint(fingerprint())
            .between(build.startedAt(), build.finishedAt())
            .rowsIn(build.rowsIn())
            .rowsWritten(build.rowsWritten())
            .versions(versions)
            .build();
    ledger.append(entry);
    last = Optional.of(entry);
    lastResults = Optional.of(update.results());
    commitPoint.committed("runs");
    return build;
  }

  /** Releases the dimensions that are cached from build to build. */
  @Override
  public void close() {
    tables.dimensions().close();
  }

  private long mirrored(Entry entry) {
    return entry.versions().getOrDefault(source.qualifiedName(), -1L);
  }

  private String fingerprint() {
    return star.digest() + "+" + contract.digest();
  }
}

package io.medallion.jobs.pipeline;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.build.BuildChanges;
import io.medallion.gold.build.GoldStream;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WriterLock;
import io.medallion.jobs.maintenance.Compactor;
import io.medallion.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The main job on files: lands them, processes their records, brings the stars up to date and loads
 * them. {@code run} and {@code demo} run all of it; {@code silver}, {@code gold} and a replay run
 * the part that is theirs.
 */
public final class FilePipeline {
  private FilePipeline() {}

  /**
   * The main job, layer after layer. Each finds by itself what the layer before it has committed
   * since its last run.
   *
   * @param warehouse what the stars are loaded into; absent where the run ends with gold
   * @return whether a star changed, so that {@link #compact} has something to do
   */
  public static boolean run(
      Lakehouse lakehouse,
      String feed,
      List<String> sources,
      List<Star> stars,
      Optional<Warehouse> warehouse,
      Report report) {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    report.add(lakehouse.bronze(feed).land(sources));
    process(lakehouse, contract, report);
    boolean anyStarChanged = false;
    for (Star star : stars) {
      Built built = build(lakehouse, star, report);
      if (warehouse.isPresent()) {
        load(lakehouse, star, built, warehouse.get(), report);
      }
      anyStarChanged |= built.summary().stream().anyMatch(summary -> !summary.builds().isEmpty());
    }
    return anyStarChanged;
  }

  /** Puts small files of the tables together that a run has written, after its report. */
  public static void compact(Lakehouse lakehouse, String feed, List<Star> stars) {
    new Compactor(lakehouse).compactAfterRun(lakehouse.configuration().contractOfFeed(feed), stars);
  }

  /**
   * Loads a star into the warehouse. Where silver has no table for it yet, there is nothing to
   * load; where its checks failed, the warehouse keeps the star that it has.
   */
  private static void load(
      Lakehouse lakehouse, Star star, Built built, Warehouse warehouse, Report report) {
    boolean sourceMissing = built.summary().flatMap(GoldSummary::note).isPresent();
    if (sourceMissing) {
      return;
    }
    // Where a stream built the star, this command has seen no check of it: the lake has them.
    boolean breached =
        built
            .summary()
            .map(summary -> summary.checks().stream().anyMatch(CheckResult::breaches))
            .orElseGet(() -> lakehouse.breached(star));
    if (breached) {
      report.withheld(star, warehouse);
    } else {
      report.add(lakehouse.load(star, warehouse, built.changes()).changes());
    }
  }

  /** Processes what has landed since the last run, or waits for the stream that does so. */
  public static void process(Lakehouse lakehouse, Contract contract, Report report) {
    WriterLock.take(
        lakehouse.lake().root(),
        List.of("silver-" + contract.table()),
        () -> report.add(lakehouse.silver(contract).run()),
        () -> Reconciliation.pendingFiles(lakehouse.readOnly(), contract).isEmpty(),
        report::notice);
  }

  /**
   * What a command built.
   *
   * @param summary absent where a stream built it
   * @param changes what is in memory of it
   */
  private record Built(Optional<GoldSummary> summary, BuildChanges changes) {}

  /** Brings a star up to what silver holds, or waits for the stream that does so. */
  public static void bringUpToDate(Lakehouse lakehouse, Star star, Report report) {
    build(lakehouse, star, report);
  }

  private static Built build(Lakehouse lakehouse, Star star, Report report) {
    AtomicReference<Built> built =
        new AtomicReference<>(new Built(Optional.empty(), BuildChanges.NONE));
    LakeTable silver = lakehouse.lake().table(lakehouse.spark(), Lake.Layer.SILVER, star.source());
    long wanted = silver.version();
    WriterLock.take(
        lakehouse.lake().root(),
        // Silver's too: no other command may change it while the star is built from it.
        List.of("gold-" + star.name(), "silver-" + star.source()),
        () -> {
          try (GoldStream gold = lakehouse.gold(star)) {
            GoldSummary summary = gold.run();
            built.set(new Built(Optional.of(summary), gold.changes()));
            report.add(summary);
          }
        },
        () -> hasBuilt(lakehouse, star, silver, wanted),
        report::notice);
    return built.get();
  }

  /** Whether the star was built from a version of silver, or from one with the same rows. */
  private static boolean hasBuilt(Lakehouse lakehouse, Star star, LakeTable silver, long wanted) {
    long built =
        lakehouse
            .ledger()
            .last("gold", star.name())
            .map(entry -> entry.versions().getOrDefault(silver.qualifiedName(), -1L))
            .orElse(-1L);
    return built >= wanted || (built >= 0 && silver.changes(built + 1, wanted).isEmpty());
  }
}

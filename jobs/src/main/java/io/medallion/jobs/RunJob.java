package io.medallion.jobs;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.gold.star.Star;
import java.util.List;

/** {@code medallion run}: the main job, from source files to finished stars in one application. */
public final class RunJob extends Job {

  public static void main(String[] line) {
    main(new RunJob(), line);
  }

  @Override
  CommandSpec spec() {
    return CommandSpec.of(
        "run",
        "Land files, judge their records and bring the stars up to date.",
        List.of(CommandSpec.SOURCE, CommandSpec.FEED, CommandSpec.STAR),
        List.of(
            "medallion run --source orders.csv",
            "medallion run --source /drop/2026-11-20 '/drop/late/*.csv.gz' --lake"
                + " s3a://bucket/lake",
            "medallion run --source items/ --feed items --star item --json"));
  }

  @Override
  int run(Arguments arguments, Console console) {
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      run(
          lakehouse,
          arguments.text(CommandSpec.FEED),
          arguments.all(CommandSpec.SOURCE),
          lakehouse.starsFed(arguments),
          report);
      return report.end(arguments, lakehouse.runId());
    }
  }

  /** The main job. Each layer finds its own work: what the layer before it committed. */
  static void run(
      Lakehouse lakehouse, String feed, List<String> sources, List<Star> stars, Report report) {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    report.add(lakehouse.bronze(feed).land(sources));
    judge(lakehouse, contract, report);
    for (Star star : stars) {
      build(lakehouse, star, report);
    }
  }

  /** Brings silver up to what has landed, or waits for the stream that does. */
  static void judge(Lakehouse lakehouse, Contract contract, Report report) {
    Turns.take(
        lakehouse.lake().root(),
        List.of("silver-" + contract.table()),
        () -> report.add(lakehouse.silver(contract).run()),
        () -> Reconciliation.pendingFiles(lakehouse, contract).isEmpty(),
        report::notice);
  }

  /** Brings a star up to what silver holds, or waits for the stream that does. */
  static void build(Lakehouse lakehouse, Star star, Report report) {
    LakeTable silver = lakehouse.lake().table(lakehouse.spark(), Lake.Layer.SILVER, star.source());
    long wanted = silver.version();
    Turns.take(
        lakehouse.lake().root(),
        // Silver's too: it must hold still while the star is built from it.
        List.of("gold-" + star.name(), "silver-" + star.source()),
        () -> report.add(lakehouse.gold(star).run()),
        () -> hasBuilt(lakehouse, star, silver, wanted),
        report::notice);
  }

  /** Whether the star holds what silver held at a version; commits that change no row count not. */
  private static boolean hasBuilt(Lakehouse lakehouse, Star star, LakeTable silver, long wanted) {
    long built =
        new Ledger(lakehouse.spark(), lakehouse.lake())
            .last("gold", star.name())
            .map(entry -> entry.versions().getOrDefault(silver.qualifiedName(), -1L))
            .orElse(-1L);
    return built >= wanted || (built >= 0 && silver.changes(built + 1, wanted).isEmpty());
  }
}

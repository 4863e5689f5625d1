package io.medallion.jobs;

import io.medallion.core.contract.Contract;
import io.medallion.gold.GoldSummary;
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
            "medallion run --source /drop/2026-11-20 '/drop/late/*.csv.gz' --lake s3a://bucket/lake",
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
    report.add(lakehouse.silver(contract).run());
    boolean changed = false;
    for (Star star : stars) {
      GoldSummary summary = lakehouse.gold(star).run();
      report.add(summary);
      changed |= !summary.builds().isEmpty();
    }
    if (changed) {
      Compaction.run(lakehouse, contract, stars);
    }
  }
}

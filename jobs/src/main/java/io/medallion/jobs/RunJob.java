package io.medallion.jobs;

import io.medallion.core.contract.Contract;
import io.medallion.gold.GoldSummary;
import io.medallion.gold.star.Star;
import io.medallion.gold.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/** {@code medallion run}: the main job, from source files to finished stars in one application. */
public final class RunJob extends Job {

  public static void main(String[] line) {
    main(new RunJob(), line);
  }

  @Override
  CommandSpec spec() {
    return CommandSpec.of(
        "run",
        "Land files, judge their records, bring the stars up to date and load them.",
        List.of(
            CommandSpec.SOURCE,
            CommandSpec.FEED,
            CommandSpec.STAR,
            WarehouseChoice.WAREHOUSE_OR_NONE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG),
        List.of(
            "medallion run --source orders.csv",
            "medallion run --source /drop/2026-11-20 '/drop/late/*.csv.gz' --lake"
                + " s3a://bucket/lake",
            "medallion run --source items/ --feed items --star item --json"));
  }

  @Override
  int run(Arguments arguments, Console console) {
    WarehouseChoice choice = WarehouseChoice.optional(arguments, arguments.text(CommandSpec.LAKE));
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      Optional<Warehouse> warehouse = choice.open(lakehouse);
      try {
        run(
            lakehouse,
            arguments.text(CommandSpec.FEED),
            arguments.all(CommandSpec.SOURCE),
            lakehouse.starsFed(arguments),
            warehouse,
            report);
      } finally {
        warehouse.ifPresent(Warehouse::close);
      }
      choice.remark().ifPresent(console::notice);
      return report.end(arguments, lakehouse.runId());
    }
  }

  /** The main job. Each layer finds its own work: what the layer before it committed. */
  static void run(
      Lakehouse lakehouse,
      String feed,
      List<String> sources,
      List<Star> stars,
      Optional<Warehouse> warehouse,
      Report report) {
    Contract contract = lakehouse.configuration().contractOfFeed(feed);
    report.add(lakehouse.bronze(feed).land(sources));
    report.add(lakehouse.silver(contract).run());
    boolean changed = false;
    for (Star star : stars) {
      GoldSummary built = lakehouse.gold(star).run();
      report.add(built);
      changed |= !built.builds().isEmpty();
      if (built.note().isEmpty() && warehouse.isPresent()) {
        load(lakehouse, star, built, warehouse.get(), report);
      }
    }
    if (changed) {
      Compaction.run(lakehouse, contract, stars);
    }
  }

  /** A star that breaches its checks stays out: the warehouse keeps the last one that did not. */
  private static void load(
      Lakehouse lakehouse, Star star, GoldSummary built, Warehouse warehouse, Report report) {
    if (built.breaches().isEmpty()) {
      report.add(lakehouse.load(star, warehouse).changes());
    } else {
      report.withheld(star, warehouse);
    }
  }
}

package io.medallion.jobs;

import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.jobs.pipeline.FilePipeline;
import io.medallion.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/** {@code medallion run}: the main job, from source files to finished stars in one application. */
public final class RunJob extends Job {

  public static void main(String[] line) {
    main(new RunJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "run",
        "Land files, judge their records, bring the stars up to date and load them.",
        List.of(
            CommandSpec.SOURCE,
            CommandSpec.FEED,
            CommandSpec.STAR,
            WarehouseChoice.WAREHOUSE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG),
        List.of(
            "medallion run --source orders.csv",
            "medallion run --source /drop/2026-11-20 '/drop/late/*.csv.gz' --lake"
                + " s3a://bucket/lake",
            "medallion run --source items/ --feed items --star item --json"));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    WarehouseChoice choice = WarehouseChoice.optional(arguments, arguments.text(CommandSpec.LAKE));
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      Optional<Warehouse> warehouse = choice.open(lakehouse);
      String feed = arguments.text(CommandSpec.FEED);
      List<Star> stars = lakehouse.starsFed(arguments);
      boolean changed;
      try {
        changed =
            FilePipeline.run(
                lakehouse, feed, arguments.all(CommandSpec.SOURCE), stars, warehouse, report);
      } finally {
        warehouse.ifPresent(Warehouse::close);
      }
      choice.remark().ifPresent(console::notice);
      int exitCode = report.end(arguments, lakehouse.runId());
      if (changed) {
        FilePipeline.compact(lakehouse, feed, stars);
      }
      return exitCode;
    }
  }
}

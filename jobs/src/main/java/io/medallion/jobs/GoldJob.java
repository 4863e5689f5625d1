package io.medallion.jobs;

import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.pipeline.FilePipeline;
import java.util.List;

/** {@code medallion gold}: brings stars up to silver. */
public final class GoldJob extends Job {

  public static void main(String[] line) {
    main(new GoldJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "gold",
        "Bring stars up to what silver holds, and check them.",
        List.of(CommandSpec.STAR),
        List.of("medallion gold --star sales --lake ./lake"));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      for (Star star : lakehouse.stars(arguments.maybe(CommandSpec.STAR))) {
        FilePipeline.bringUpToDate(lakehouse, star, report);
      }
      return report.end(arguments, lakehouse.runId());
    }
  }
}

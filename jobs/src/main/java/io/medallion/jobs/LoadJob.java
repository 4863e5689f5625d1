package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.WarehouseLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code medallion load}: brings stars, as gold's last build left them, into a warehouse. */
public final class LoadJob extends Job {
  private static final OptionSpec FULL =
      OptionSpec.toggle(
          "full",
          "load everything anew, not only what changed; readers see no difference meanwhile");

  public static void main(String[] line) {
    main(new LoadJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "load",
        "Bring what is new in gold into a warehouse, exactly once.",
        List.of(
            CommandSpec.STAR,
            WarehouseChoice.WAREHOUSE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG,
            FULL),
        List.of(
            "medallion load --star sales --warehouse duckdb",
            "medallion load --star sales --full",
            "medallion load --star sales --warehouse snowflake --warehouse-config snowflake.yaml",
            "medallion load --lake s3a://bucket/lake --warehouse-file /data/sales.duckdb"));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    WarehouseChoice choice = choice(arguments);
    try (Lakehouse lakehouse = Lakehouse.open(arguments);
        Warehouse warehouse = choice.open(lakehouse).orElseThrow()) {
      Report report = new Report(console);
      for (Star star : lakehouse.stars(arguments.maybe(CommandSpec.STAR))) {
        if (lakehouse.breached(star)) {
          report.withheld(star, warehouse);
          continue;
        }
        WarehouseLoad load = lakehouse.load(star, warehouse);
        report.add(arguments.on(FULL) ? load.full() : load.changes());
      }
      return report.end(arguments, lakehouse.runId());
    }
  }

  /** Checks options and configuration before Spark starts, and reports all mistakes at once. */
  private static WarehouseChoice choice(Arguments arguments) {
    List<Mistake> mistakes = new ArrayList<>();
    Optional<WarehouseChoice> choice =
        WarehouseChoice.required(arguments, arguments.text(CommandSpec.LAKE), mistakes);
    try {
      Configuration configuration = Configuration.read(arguments.maybe(CommandSpec.CONFIG));
      arguments.maybe(CommandSpec.STAR).ifPresent(configuration.stars()::byName);
    } catch (ConfigurationException e) {
      mistakes.addAll(e.mistakes());
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return choice.orElseThrow();
  }
}

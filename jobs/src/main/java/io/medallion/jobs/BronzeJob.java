package io.medallion.jobs;

import java.util.List;

/** {@code medallion bronze}: lands files of a feed. */
public final class BronzeJob extends Job {

  public static void main(String[] line) {
    main(new BronzeJob(), line);
  }

  @Override
  CommandSpec spec() {
    return CommandSpec.of(
        "bronze",
        "Land files unchanged, each content once.",
        List.of(CommandSpec.SOURCE, CommandSpec.FEED),
        List.of(
            "medallion bronze --feed sales_orders --source orders.csv --lake ./lake",
            "medallion bronze --source /drop '/late/*.csv.gz'"));
  }

  @Override
  int run(Arguments arguments, Console console) {
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      Report report = new Report(console);
      report.add(
          lakehouse
              .bronze(arguments.text(CommandSpec.FEED))
              .land(arguments.all(CommandSpec.SOURCE)));
      return report.end(arguments, lakehouse.runId());
    }
  }
}

package io.medallion.jobs;

import static io.medallion.jobs.Console.number;
import static io.medallion.jobs.Console.seconds;

import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.GoldSummary;
import io.medallion.gold.warehouse.LoadSummary;
import io.medallion.silver.SilverSummary;
import java.time.Duration;

/** What a layer did, in a line, whether a run tells it or a stream. */
final class LayerLines {
  private LayerLines() {}

  static String silver(SilverSummary summary) {
    FileAccount total = summary.total();
    return summary.table()
        + ": "
        + number(total.records())
        + " records in "
        + seconds(summary.duration())
        + ", "
        + number(total.accepted())
        + " rows gained, "
        + number(total.quarantined())
        + " quarantined";
  }

  static String gold(String star, GoldSummary.Build build) {
    Duration took = build.dimensionsTook().plus(build.factsTook()).plus(build.checksTook());
    return "star "
        + star
        + ": "
        + number(build.rowsWritten())
        + " rows written, "
        + number(build.repointed())
        + " facts re-pointed, "
        + build.checks().size()
        + " checks in "
        + seconds(took);
  }

  static String warehouse(LoadSummary load) {
    return "star "
        + load.star()
        + ": "
        + number(load.rows())
        + " rows into "
        + load.place()
        + " in "
        + seconds(load.took());
  }

  /** The four fates of records. */
  static String fates(FileAccount account) {
    return number(account.accepted())
        + " accepted + "
        + number(account.duplicates())
        + " duplicates + "
        + number(account.superseded())
        + " superseded + "
        + number(account.quarantined())
        + " quarantined";
  }
}

package io.medallion.jobs.cli;

import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.build.GoldSummary;
import io.medallion.silver.SilverSummary;
import io.medallion.warehouse.LoadSummary;
import java.time.Duration;

/** What a layer did, in one line: the same for a run and a stream. */
public final class SummaryFormat {
  private SummaryFormat() {}

  public static String silver(SilverSummary summary) {
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

  public static String gold(String star, GoldSummary.Build build) {
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

  public static String warehouse(LoadSummary load) {
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
  public static String fates(FileAccount account) {
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

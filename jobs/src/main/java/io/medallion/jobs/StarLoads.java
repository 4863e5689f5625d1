package io.medallion.jobs;

import io.medallion.core.LakeException;
import io.medallion.gold.CheckResult;
import io.medallion.gold.CheckResults;
import io.medallion.gold.GoldSummary;
import io.medallion.gold.star.Star;
import io.medallion.gold.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings stars that a stream builds into a warehouse, after each build that passes its checks and
 * before the next one begins. A warehouse that refuses, because another program writes it, holds up
 * nothing: the next build's load brings what this one could not.
 */
final class StarLoads {
  private final Lakehouse lakehouse;
  private final Warehouse warehouse;
  private final StreamReport report;

  /** Stars that the warehouse refused last, and why. */
  private final Map<Star, LakeException> refused = new ConcurrentHashMap<>();

  /**
   * @param warehouse stays open
   */
  StarLoads(Lakehouse lakehouse, Warehouse warehouse, StreamReport report) {
    this.lakehouse = lakehouse;
    this.warehouse = warehouse;
    this.report = report;
  }

  /** Loads what an earlier process built, and did not load any more. */
  void catchUp(Star star) {
    List<CheckResult> checks =
        new CheckResults(lakehouse.spark(), lakehouse.lake()).latest(star.name());
    if (checks.stream().noneMatch(CheckResult::breaches)) {
      load(star);
    }
  }

  /** Loads what a build did; a star that breaches its checks stays out. */
  void built(Star star, GoldSummary.Build build) {
    if (build.checks().stream().anyMatch(CheckResult::breaches)) {
      refused.remove(star);
      report.withheld(star, warehouse);
    } else {
      load(star);
    }
  }

  private void load(Star star) {
    try {
      report.add(lakehouse.load(star, warehouse).changes());
      refused.remove(star);
    } catch (LakeException e) {
      refused.put(star, e);
      report.notLoaded(star, e);
    }
  }

  /**
   * Loads once more what was refused.
   *
   * @throws LakeException where it is refused again
   */
  void finish() {
    for (Star star : new ArrayList<>(refused.keySet())) {
      load(star);
    }
    if (!refused.isEmpty()) {
      throw new LakeException(
          String.join("\n", refused.keySet().stream().map(this::behind).sorted().toList()),
          "close what has " + warehouse.place() + " open, then run medallion load",
          refused.values().iterator().next());
    }
  }

  private String behind(Star star) {
    return "star "
        + star.name()
        + " is finished in gold, and was not loaded: "
        + refused.get(star).getMessage().lines().findFirst().orElse("");
  }
}

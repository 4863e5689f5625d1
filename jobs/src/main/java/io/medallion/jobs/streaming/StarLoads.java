package io.medallion.jobs.streaming;

import io.medallion.core.LakeException;
import io.medallion.gold.build.BuildChanges;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings stars that a stream builds into a warehouse, after each build that passes its checks and
 * before the next one begins. Where the warehouse refuses, because another program writes it, the
 * stream goes on, and the load after the next build brings these changes too.
 */
final class StarLoads {
  private final Lakehouse lakehouse;
  private final Warehouse warehouse;
  private final StreamReport report;

  /** Stars whose last build is not loaded yet, and why the warehouse refused it, if it did. */
  private final Map<Star, Optional<LakeException>> behind = new ConcurrentHashMap<>();

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
    if (!lakehouse.breached(star)) {
      load(star, BuildChanges.NONE);
    }
  }

  /**
   * Loads what a build did; a star that breaches its checks stays out.
   *
   * @param changes what the build changed
   */
  void built(Star star, GoldSummary.Build build, BuildChanges changes) {
    if (build.checks().stream().anyMatch(CheckResult::breaches)) {
      behind.remove(star);
      report.withheld(star, warehouse);
    } else {
      load(star, changes);
    }
  }

  private void load(Star star, BuildChanges changes) {
    // A stop may interrupt the load: until it returns, the star counts as not loaded.
    behind.put(star, Optional.empty());
    try {
      report.add(lakehouse.load(star, warehouse, changes).changes());
      behind.remove(star);
    } catch (LakeException e) {
      behind.put(star, Optional.of(e));
      report.notLoaded(star, e);
    }
  }

  /**
   * Loads what is behind.
   *
   * @throws LakeException where the warehouse refuses again
   */
  void finish() {
    for (Star star : new ArrayList<>(behind.keySet())) {
      catchUp(star);
    }
    List<String> problems = new ArrayList<>();
    behind.forEach((star, why) -> why.ifPresent(e -> problems.add(problem(star, e))));
    if (!problems.isEmpty()) {
      throw new LakeException(
          String.join("\n", problems),
          "close what has " + warehouse.place() + " open, then run medallion load");
    }
  }

  private static String problem(Star star, LakeException why) {
    return "star "
        + star.name()
        + " is finished in gold, and was not loaded: "
        + why.getMessage().lines().findFirst().orElse("");
  }
}

package io.medallion.gold.build;

import io.medallion.gold.check.CheckResult;
import java.util.List;

/**
 * What the checks of a star find on all of its rows.
 *
 * @param results in the star's order
 * @param writtenSince tables that something has written since the last build ended, by qualified
 *     name: a build that was killed or is under way, or what is no part of Medallion
 */
public record FullCheck(List<CheckResult> results, List<String> writtenSince) {
  public FullCheck {
    results = List.copyOf(results);
    writtenSince = List.copyOf(writtenSince);
  }
}

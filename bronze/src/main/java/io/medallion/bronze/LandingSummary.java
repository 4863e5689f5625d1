package io.medallion.bronze;

import io.medallion.core.manifest.FileLanding;
import java.time.Duration;
import java.util.List;

/**
 * What a landing did.
 *
 * @param feed the feed
 * @param outcomes one for every source file, in path order
 * @param manifestVersion the manifest's version afterwards
 * @param duration wall time
 */
public record LandingSummary(
    String feed, List<Outcome> outcomes, long manifestVersion, Duration duration) {

  public LandingSummary {
    outcomes = List.copyOf(outcomes);
  }

  /** Outcomes of one kind. */
  public <T extends Outcome> List<T> of(Class<T> kind) {
    return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Files that landed. */
  public List<FileLanding> landed() {
    return of(Outcome.Landed.class).stream().map(Outcome.Landed::file).toList();
  }

  /** Records of the files that landed. */
  public long records() {
    return landed().stream().mapToLong(FileLanding::recordCount).sum();
  }

  /** Bytes received of the files that landed. */
  public long bytes() {
    return landed().stream().mapToLong(FileLanding::sizeBytes).sum();
  }
}

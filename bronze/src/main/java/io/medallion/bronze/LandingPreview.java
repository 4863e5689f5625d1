package io.medallion.bronze;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.TableSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Shows what a landing would do: files land in a scratch lake, and the manifest is left alone.
 *
 * @param runId this process, in the files that land
 */
public record LandingPreview(
    LakeReader lake, Contract contract, Feed feed, Clock clock, String runId) {

  public LandingPreview {
    BronzeLanding.requireFiles(feed);
  }

  /**
   * Lands the files into a scratch lake.
   *
   * @param scratch a lake that the caller removes
   * @return as {@link BronzeLanding#land}, with landing numbers that the next landing would give
   */
  public LandingSummary of(List<String> sources, Lake scratch) {
    Instant started = clock.instant();
    SourceFiles.Listing listing = SourceFiles.list(sources, feed.intake(), lake.hadoop(), started);
    Optional<TableSnapshot> manifest = lake.manifest().latest();
    FileLander lander =
        new FileLander(
            scratch, contract, feed, lake.hadoop(), clock, runId, BronzeLanding.PART_BYTES);
    List<Outcome> outcomes =
        new SourceLanding(
                lander,
                FileManifest.known(
                    manifest, feed, listing.sizesBytes(feed.intake(), lake.hadoop())))
            .land(listing.files());
    long version = manifest.map(TableSnapshot::version).orElse(-1L);
    return new LandingSummary(
        feed.name(),
        listing.withLeft(FileManifest.number(outcomes, version + 1)),
        version,
        Duration.between(started, clock.instant()));
  }
}

package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.TopicBatch;
import io.medallion.gold.build.GoldSummary;
import io.medallion.silver.SilverSummary;

/** Told, from within a stream's batch, what that batch committed. */
public interface StreamObserver {
  void landed(TopicBatch batch);

  void judged(SilverSummary summary);

  void built(String star, GoldSummary.Build build);

  /** A stream broke, and goes on where it was. */
  void restarted(String stream);
}

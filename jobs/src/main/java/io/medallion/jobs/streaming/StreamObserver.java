package io.medallion.jobs.streaming;

import io.medallion.bronze.topic.TopicBatch;
import io.medallion.gold.build.GoldSummary;
import io.medallion.silver.SilverSummary;

/** Is called from within a stream's batch with what the batch committed. */
public interface StreamObserver {
  void landed(TopicBatch batch);

  void processed(SilverSummary summary);

  void built(String star, GoldSummary.Build build);

  /** A stream broke, and goes on where it was. */
  void restarted(String stream);
}

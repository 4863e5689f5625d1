package io.medallion.jobs;

import io.medallion.core.lake.LakeTable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.RuntimeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the quarantine's small files together while a stream fills it. Records that broke a rule may
 * have megabytes each, so that this takes seconds, which no batch of silver should wait for.
 *
 * <p>Delta's settings for its own compaction hold: {@code autoCompact.enabled} and {@code
 * autoCompact.minNumFiles}.
 */
final class QuarantineCompaction implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineCompaction.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LARGE_BYTES = 16L << 20;
  private static final String AUTO_COMPACT = "spark.databricks.delta.autoCompact.";
  private static final String FILES_AS_DELTA_HAS_IT = "50";

  private final LakeTable quarantine;
  private final long smallFiles;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "medallion-quarantine-compaction");
            thread.setDaemon(true);
            return thread;
          });

  private QuarantineCompaction(LakeTable quarantine, long smallFiles) {
    this.quarantine = quarantine;
    this.smallFiles = smallFiles;
  }

  static QuarantineCompaction start(Lakehouse lakehouse) {
    RuntimeConfig conf = lakehouse.spark().conf();
    QuarantineCompaction compaction =
        new QuarantineCompaction(
            lakehouse.lake().quarantine(lakehouse.spark()),
            Long.parseLong(conf.get(AUTO_COMPACT + "minNumFiles", FILES_AS_DELTA_HAS_IT)));
    if (Boolean.parseBoolean(conf.get(AUTO_COMPACT + "enabled", "false"))) {
      compaction.timer.scheduleWithFixedDelay(
          compaction::compact, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
    return compaction;
  }

  private void compact() {
    try {
      if (quarantine.smallFiles(LARGE_BYTES) >= smallFiles) {
        Compaction.compact(quarantine, LARGE_BYTES);
      }
    } catch (Exception e) { // Spark's checked ones are declared nowhere, and would end the timer
      LOG.warn("{} keeps its small files for now", quarantine, e);
    }
  }

  /** Waits for a compaction in hand, a while: one that is cut off has changed nothing. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

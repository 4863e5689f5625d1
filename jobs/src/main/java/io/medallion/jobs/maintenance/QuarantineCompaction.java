package io.medallion.jobs.maintenance;

import io.medallion.core.lake.LakeTable;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.time.Duration;
import java.util.Optional;
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
public final class QuarantineCompaction implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineCompaction.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LARGE_BYTES = 16L << 20;
  private static final String AUTO_COMPACT = "spark.databricks.delta.autoCompact.";
  private static final String FILES_AS_DELTA_HAS_IT = "50";

  private final LakeTable quarantine;
  private final long smallFiles;
  private final Optional<RepeatedWork> work;

  private QuarantineCompaction(LakeTable quarantine, RuntimeConfig conf) {
    this.quarantine = quarantine;
    this.smallFiles = Long.parseLong(conf.get(AUTO_COMPACT + "minNumFiles", FILES_AS_DELTA_HAS_IT));
    this.work =
        Boolean.parseBoolean(conf.get(AUTO_COMPACT + "enabled", "false"))
            ? Optional.of(new RepeatedWork("medallion-quarantine", this::compact, PAUSE, PATIENCE))
            : Optional.empty();
  }

  public static QuarantineCompaction start(Lakehouse lakehouse) {
    return new QuarantineCompaction(
        lakehouse.lake().quarantine(lakehouse.spark()), lakehouse.spark().conf());
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
    work.ifPresent(RepeatedWork::close);
  }
}

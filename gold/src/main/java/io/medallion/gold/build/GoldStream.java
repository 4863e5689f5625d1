package io.medallion.gold.build;

import static org.apache.spark.sql.functions.max;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Builds a star continuously: a stream over the source's change data feed, whose every batch builds
 * dimensions, calendar, facts and check results up to the source's version at its end.
 */
public final class GoldStream {
  private final SparkSession spark;
  private final Lake lake;
  private final Star star;
  private final GoldBatch batch;

  /**
   * A stream that has not started.
   *
   * @param contract the contract of the star's source
   * @param runId this process, for ledger and check results
   */
  public GoldStream(
      SparkSession spark, Lake lake, Contract contract, Star star, Clock clock, String runId) {
    this(spark, lake, contract, star, clock, runId, table -> {});
  }

  GoldStream(
      SparkSession spark,
      Lake lake,
      Contract contract,
      Star star,
      Clock clock,
      String runId,
      CommitPoint commitPoint) {
    this.spark = spark;
    this.lake = lake;
    this.star = star;
    // Builds change settings of their session. A new session would lack settings made since the
    // start; a clone has them.
    this.batch =
        new GoldBatch(spark.cloneSession(), lake, contract, star, clock, runId, commitPoint);
  }

  /** Whether the star exists as its last build left it, built by today's definition. */
  public boolean isUpToDate() {
    return batch.last().filter(last -> batch.reasonToRebuild(last).isEmpty()).isPresent();
  }

  /** Processes what silver has, and returns. */
  public GoldSummary run() {
    return run(Trigger.AvailableNow(), build -> {});
  }

  /**
   * Processes what silver has, and what it gets while the trigger goes on.
   *
   * @param onBuild called after each build that the ledger has recorded
   * @return what was done until the stream ended
   * @throws io.medallion.core.ledger.ConservationException where facts and silver do not add up
   */
  public GoldSummary run(Trigger trigger, Consumer<GoldSummary.Build> onBuild) {
    if (!batch.source().exists()) {
      return new GoldSummary(
          star.name(),
          List.of(),
          List.of(),
          Optional.of(batch.source() + " does not exist yet: run bronze and silver first"));
    }
    List<GoldSummary.Build> builds = Collections.synchronizedList(new ArrayList<>());
    Consumer<GoldSummary.Build> built =
        build -> {
          builds.add(build);
          onBuild.accept(build);
        };
    if (!trigger.equals(Trigger.AvailableNow())) {
      batch.concurrentSource();
    }
    try (batch) {
      rebuildWhereNeeded().ifPresent(built);
      stream(trigger, built);
    }
    List<CheckResult> checks =
        builds.isEmpty()
            ? new CheckResults(spark, lake).latest(star.name())
            : builds.get(builds.size() - 1).checks();
    return new GoldSummary(star.name(), builds, checks, Optional.empty());
  }

  /** An edited star must not wait for the next change of silver. */
  private Optional<GoldSummary.Build> rebuildWhereNeeded() {
    Optional<Entry> last = batch.last();
    return last.flatMap(batch::reasonToRebuild).isPresent()
        ? batch.buildTo(batch.source().version())
        : Optional.empty();
  }

  private void stream(Trigger trigger, Consumer<GoldSummary.Build> built) {
    VoidFunction2<Dataset<Row>, Long> onBatch =
        (rows, id) -> {
          // Only the end of the batch is read from it. The build asks for the changes since the
          // ledger's last build, so that a lost checkpoint costs time and changes nothing.
          Row end = rows.agg(max("_commit_version")).head();
          if (!end.isNullAt(0)) {
            batch.buildTo(end.getLong(0)).ifPresent(built);
          }
        };
    try {
      spark
          .readStream()
          .format("delta")
          .option("readChangeFeed", "true")
          .option("startingVersion", "0")
          .option("maxFilesPerTrigger", Integer.MAX_VALUE)
          .load(batch.source().path())
          .writeStream()
          .queryName("gold-" + star.name())
          .option("checkpointLocation", lake.checkpoint("gold", star.name()))
          .trigger(trigger)
          .foreachBatch(onBatch)
          .start()
          .awaitTermination();
    } catch (StreamingQueryException e) {
      throw cause(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the stream of star " + star.name() + " did not start", e);
    }
  }

  /** What a build threw, without the stream's wrapping. */
  private static RuntimeException cause(StreamingQueryException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RuntimeException runtime && !wrapping(runtime)) {
        return runtime;
      }
    }
    return new IllegalStateException("the gold stream failed", failure);
  }

  private static boolean wrapping(RuntimeException e) {
    return e.getClass().getName().startsWith("org.apache.spark.") && e.getCause() != null;
  }
}

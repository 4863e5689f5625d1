package io.medallion.jobs.streaming;

import static io.medallion.jobs.cli.Console.bytes;
import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import io.medallion.bronze.topic.LostOffsets;
import io.medallion.bronze.topic.TopicBatch;
import io.medallion.core.LakeException;
import io.medallion.core.ledger.FileAccount;
import io.medallion.gold.build.GoldSummary;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.SummaryFormat;
import io.medallion.silver.SilverSummary;
import io.medallion.warehouse.LoadSummary;
import io.medallion.warehouse.Warehouse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Prints what streams do, batch by batch, and keeps only sums. Thread-safe. */
public final class StreamReport {
  private final Console console;
  private final List<StreamObserver> observers;
  private final FileAccounts silver = new FileAccounts();
  private long batches;
  private long events;
  private long eventBytes;
  private long lost;
  private long builds;
  private long rowsWritten;
  private long loads;
  private long rowsLoaded;
  private final Set<String> breached = new HashSet<>();

  public StreamReport(Console console) {
    this(console, List.of());
  }

  /**
   * @param observers called with every summary that is added
   */
  public StreamReport(Console console, List<? extends StreamObserver> observers) {
    this.console = console;
    this.observers = List.copyOf(observers);
  }

  private static final class FileAccounts {
    private long batches;
    private FileAccount total = new FileAccount("total", 0, 0, 0, 0, 0);
  }

  public void add(TopicBatch batch) {
    observers.forEach(observer -> observer.landed(batch));
    tell(batch);
  }

  private synchronized void tell(TopicBatch batch) {
    batches++;
    events += batch.records();
    eventBytes += batch.bytes();
    lost += batch.lost().size();
    console.progress(
        "bronze",
        number(batch.records())
            + " events of "
            + batch.landed().size()
            + " partitions landed, "
            + bytes(batch.bytes())
            + " in "
            + seconds(batch.duration()));
    for (LostOffsets range : batch.lost()) {
      console.notice("events are lost: " + range);
    }
  }

  public void add(SilverSummary summary) {
    observers.forEach(observer -> observer.processed(summary));
    tell(summary);
  }

  private synchronized void tell(SilverSummary summary) {
    silver.batches++;
    silver.total = silver.total.plus(summary.total());
    console.progress("silver", SummaryFormat.silver(summary));
  }

  public void add(String star, GoldSummary.Build build) {
    observers.forEach(observer -> observer.built(star, build));
    tell(star, build);
  }

  private synchronized void tell(String star, GoldSummary.Build build) {
    builds++;
    rowsWritten += build.rowsWritten();
    if (build.checks().stream().anyMatch(CheckResult::breaches)) {
      breached.add(star);
    } else {
      breached.remove(star);
    }
    console.progress("gold", SummaryFormat.gold(star, build));
    build.checks().stream()
        .filter(check -> check.breaches())
        .forEach(
            check ->
                console.notice(
                    "check " + check.check() + " failed: " + check.violations() + " violations"));
  }

  public synchronized void add(LoadSummary load) {
    load.note().ifPresent(console::notice);
    if (load.tables().isEmpty()) {
      return;
    }
    loads++;
    rowsLoaded += load.rows();
    console.progress("warehouse", SummaryFormat.warehouse(load));
  }

  /** A build that the warehouse did not take, and gets with the next one. */
  void notLoaded(Star star, LakeException why) {
    console.notice(
        "star "
            + star.name()
            + " was not loaded, and is loaded with the next build: "
            + String.valueOf(why.getMessage()).lines().findFirst().orElse(""));
  }

  /** A build that stays out of the warehouse. */
  void withheld(Star star, Warehouse warehouse) {
    console.notice(
        "star "
            + star.name()
            + " was not loaded into "
            + warehouse.place()
            + ", since checks failed");
  }

  synchronized void restarted(String stream, Throwable why) {
    observers.forEach(observer -> observer.restarted(stream));
    console.notice(
        stream
            + " starts again: "
            + String.valueOf(why.getMessage()).lines().findFirst().orElse(""));
  }

  /** What {@code --json} prints. */
  private record Output(
      String runId, int exitCode, Bronze bronze, Silver silver, Gold gold, Loaded warehouse) {}

  private record Bronze(long batches, long events, long bytes, long lostRanges) {}

  private record Silver(
      long batches,
      long records,
      long accepted,
      long duplicates,
      long superseded,
      long quarantined) {
    static Silver of(long batches, FileAccount total) {
      return new Silver(
          batches,
          total.records(),
          total.accepted(),
          total.duplicates(),
          total.superseded(),
          total.quarantined());
    }
  }

  private record Gold(long builds, long rowsWritten) {}

  private record Loaded(long loads, long rows) {}

  /** Prints the sums, and returns the exit code. */
  public synchronized int end(Arguments arguments, String runId) {
    int exitCode = !breached.isEmpty() ? ExitCode.GATE_BREACHED : ExitCode.DONE;
    if (arguments.on(CommandSpec.JSON)) {
      console.json(
          new Output(
              runId,
              exitCode,
              new Bronze(batches, events, eventBytes, lost),
              Silver.of(silver.batches, silver.total),
              new Gold(builds, rowsWritten),
              new Loaded(loads, rowsLoaded)));
      return exitCode;
    }
    console.line(
        number(events)
            + " events landed in "
            + number(batches)
            + " batches"
            + (lost > 0 ? ", " + number(lost) + " ranges of offsets lost" : ""));
    if (silver.batches > 0) {
      console.line(
          number(silver.total.records())
              + " records judged in "
              + number(silver.batches)
              + " batches: "
              + SummaryFormat.fates(silver.total));
    }
    if (builds > 0) {
      console.line(number(rowsWritten) + " rows of gold written in " + number(builds) + " builds");
    }
    if (loads > 0) {
      console.line(number(rowsLoaded) + " rows loaded in " + number(loads) + " loads");
    }
    return exitCode;
  }
}

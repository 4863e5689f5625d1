package io.medallion.jobs;

import static io.medallion.jobs.cli.Console.bytes;
import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.LakeStatus;
import io.medallion.jobs.inspect.LakeStatus.RunStatus;
import io.medallion.jobs.inspect.LakeStatus.StreamStatus;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** {@code medallion status}: the state of the lake, once or again and again. */
public final class StatusJob extends Job {
  private static final OptionSpec WATCH =
      OptionSpec.toggle("watch", "look again and again, until Ctrl-C or --for");
  private static final OptionSpec EVERY =
      OptionSpec.optional("every", "DURATION", "how often --watch looks", "2s");
  private static final OptionSpec FOR =
      OptionSpec.optional("for", "DURATION", "end --watch after that time; without it, never");

  /** Clears a terminal and goes to its first line. */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private static final String UNKNOWN = "";

  public static void main(String[] line) {
    main(new StatusJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "status",
        "Show feeds, lag, last runs, failed checks and table sizes at a glance.",
        List.of(WATCH, EVERY, FOR),
        List.of(
            "medallion status --lake ./lake",
            "medallion status --watch --every 2s",
            "medallion status --json"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) throws InterruptedException {
    Duration every = TopicOptions.duration(arguments, EVERY, "such as 5s");
    Optional<Duration> limit =
        arguments.maybe(FOR).map(f -> TopicOptions.duration(arguments, FOR, "such as 10m"));
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.open(arguments);
    try (StopSignal signal = arguments.on(WATCH) ? StopSignal.listen() : StopSignal.manual()) {
      long deadline = limit.map(l -> System.nanoTime() + l.toNanos()).orElse(Long.MAX_VALUE);
      LakeStatus status = LakeStatus.of(lakehouse);
      show(status, arguments, console);
      while (arguments.on(WATCH) && System.nanoTime() < deadline && !signal.await(every)) {
        ReadOnlyLakehouse now = lakehouse.again();
        status =
            now.reader().showsTheSameAs(lakehouse.reader())
                ? status.at(now.clock().instant())
                : LakeStatus.of(now);
        lakehouse = now;
        show(status, arguments, console);
      }
      return exitCode(status);
    }
  }

  private static void show(LakeStatus status, Arguments arguments, Console console) {
    if (arguments.on(CommandSpec.JSON)) {
      console.json(new Output(exitCode(status), status));
      return;
    }
    if (arguments.on(WATCH) && System.console() != null) {
      console.line(CLEAR);
    }
    console.line(status.lake() + " at " + status.at().truncatedTo(ChronoUnit.SECONDS));
    if (status.tables().isEmpty()) {
      console.line("no table yet: medallion run or medallion stream makes them");
      return;
    }
    section(
        console,
        "Feeds",
        List.of("feed", "kind", "landings", "records", "rejected", "pending", "last landed"),
        status.feeds().stream()
            .map(
                f ->
                    List.of(
                        f.feed(),
                        f.kind(),
                        number(f.landings()),
                        number(f.records()),
                        number(f.rejected()),
                        number(f.pending()),
                        ago(f.lastLandedAt(), status.at())))
            .toList());
    section(
        console,
        "Streams, last batch",
        List.of(
            "layer",
            "subject",
            "batch",
            "records",
            "per second",
            "took",
            "lag",
            "lag s",
            "latency s",
            "finished"),
        status.streams().stream().map(s -> cells(s, status.at())).toList());
    section(
        console,
        "Last runs",
        List.of(
            "job", "subject", "batch", "records", "accepted", "quarantined", "took", "finished"),
        status.runs().stream().map(r -> cells(r, status.at())).toList());
    section(
        console,
        "Failed checks",
        List.of("star", "check", "table", "severity", "violations"),
        status.failedChecks().stream()
            .map(c -> List.of(c.star(), c.check(), c.table(), c.severity(), number(c.violations())))
            .toList());
    section(
        console,
        "Tables",
        List.of("table", "rows", "files", "size", "version"),
        status.tables().stream()
            .map(
                t ->
                    List.of(
                        t.table(),
                        number(t.rows()),
                        number(t.files()),
                        bytes(t.bytes()),
                        number(t.version())))
            .toList());
  }

  private static void section(
      Console console, String title, List<String> header, List<List<String>> rows) {
    if (!rows.isEmpty()) {
      console.line("");
      console.line(title);
      console.table(header, rows);
    }
  }

  private static List<String> cells(StreamStatus s, Instant now) {
    return List.of(
        s.layer(),
        s.subject(),
        number(s.batch()),
        number(s.records()),
        number(Math.round(s.recordsPerSecond())),
        seconds(s.duration()),
        number(s.lagRecords()),
        s.lag().map(Console::seconds).orElse(UNKNOWN),
        s.latency().map(Console::seconds).orElse(UNKNOWN),
        ago(s.finishedAt(), now));
  }

  private static List<String> cells(RunStatus r, Instant now) {
    return List.of(
        r.job(),
        r.subject(),
        number(r.batch()),
        number(r.records()),
        number(r.accepted()),
        number(r.quarantined()),
        seconds(r.duration()),
        ago(r.finishedAt(), now));
  }

  /** {@code 12 s ago}. */
  private static String ago(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    if (seconds < 120) {
      return seconds + " s ago";
    } else if (seconds < 7_200) {
      return seconds / 60 + " min ago";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h ago" : seconds / 86_400 + " days ago";
  }

  /** What {@code --json} prints. */
  private record Output(int exitCode, @JsonUnwrapped LakeStatus status) {}

  private static int exitCode(LakeStatus status) {
    return status.breached() ? ExitCode.GATE_BREACHED : ExitCode.DONE;
  }
}

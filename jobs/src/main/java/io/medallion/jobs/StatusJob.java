package io.medallion.jobs;

import static io.medallion.jobs.cli.Console.bytes;
import static io.medallion.jobs.cli.Console.number;
import static io.medallion.jobs.cli.Console.seconds;

import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.StopSignal;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.LakeStatus;
import io.medallion.jobs.inspect.LakeStatus.CheckStatus;
import io.medallion.jobs.inspect.LakeStatus.FeedStatus;
import io.medallion.jobs.inspect.LakeStatus.RunStatus;
import io.medallion.jobs.inspect.LakeStatus.StreamStatus;
import io.medallion.jobs.inspect.LakeStatus.TableStatus;
import io.medallion.jobs.lakehouse.Lakehouse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code medallion status}: how the lake stands, once or live. */
public final class StatusJob extends Job {
  private static final OptionSpec WATCH =
      OptionSpec.toggle("watch", "look again and again, until Ctrl-C or --for");
  private static final OptionSpec EVERY =
      OptionSpec.optional("every", "DURATION", "how often --watch looks", "5s");
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
  protected int run(Arguments arguments, Console console) throws InterruptedException {
    Duration every = TopicOptions.duration(arguments, EVERY, "such as 5s");
    Optional<Duration> limit =
        arguments.maybe(FOR).map(f -> TopicOptions.duration(arguments, FOR, "such as 10m"));
    try (Lakehouse lakehouse = Lakehouse.open(arguments);
        StopSignal signal = arguments.on(WATCH) ? StopSignal.listen() : StopSignal.manual()) {
      long deadline = limit.map(l -> System.nanoTime() + l.toNanos()).orElse(Long.MAX_VALUE);
      LakeStatus status;
      do {
        status = LakeStatus.of(lakehouse);
        show(status, arguments, console);
      } while (arguments.on(WATCH) && System.nanoTime() < deadline && !signal.await(every));
      return status.breached() ? ExitCode.GATE_BREACHED : ExitCode.DONE;
    }
  }

  private static void show(LakeStatus status, Arguments arguments, Console console) {
    if (arguments.on(CommandSpec.JSON)) {
      console.json(json(status));
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
        seconds(s.took()),
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
        seconds(r.took()),
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

  private static Map<String, Object> json(LakeStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("exit_code", status.breached() ? ExitCode.GATE_BREACHED : ExitCode.DONE);
    json.put("lake", status.lake());
    json.put("at", status.at());
    json.put("feeds", status.feeds().stream().map(StatusJob::json).toList());
    json.put("streams", status.streams().stream().map(StatusJob::json).toList());
    json.put("runs", status.runs().stream().map(StatusJob::json).toList());
    json.put("failed_checks", status.failedChecks().stream().map(StatusJob::json).toList());
    json.put("tables", status.tables().stream().map(StatusJob::json).toList());
    return json;
  }

  private static Map<String, Object> json(FeedStatus f) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("feed", f.feed());
    json.put("kind", f.kind());
    json.put("landings", f.landings());
    json.put("records", f.records());
    json.put("rejected", f.rejected());
    json.put("pending", f.pending());
    json.put("last_landed_at", f.lastLandedAt());
    return json;
  }

  private static Map<String, Object> json(StreamStatus s) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layer", s.layer());
    json.put("subject", s.subject());
    json.put("batch", s.batch());
    json.put("finished_at", s.finishedAt());
    json.put("records", s.records());
    json.put("records_per_second", s.recordsPerSecond());
    json.put("duration_ms", s.took().toMillis());
    json.put("lag_records", s.lagRecords());
    json.put("lag_ms", s.lag().map(Duration::toMillis).orElse(null));
    json.put("latency_ms", s.latency().map(Duration::toMillis).orElse(null));
    return json;
  }

  private static Map<String, Object> json(RunStatus r) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("job", r.job());
    json.put("subject", r.subject());
    json.put("batch", r.batch());
    json.put("finished_at", r.finishedAt());
    json.put("duration_ms", r.took().toMillis());
    json.put("records", r.records());
    json.put("accepted", r.accepted());
    json.put("quarantined", r.quarantined());
    return json;
  }

  private static Map<String, Object> json(CheckStatus c) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("star", c.star());
    json.put("check", c.check());
    json.put("table", c.table());
    json.put("severity", c.severity());
    json.put("violations", c.violations());
    return json;
  }

  private static Map<String, Object> json(TableStatus t) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", t.table());
    json.put("rows", t.rows());
    json.put("files", t.files());
    json.put("bytes", t.bytes());
    json.put("version", t.version());
    return json;
  }
}

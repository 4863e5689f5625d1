package io.medallion.jobs.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.ManifestRow;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableReader;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.gold.check.CheckResult;
import io.medallion.gold.check.CheckResults;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.jobs.streaming.StreamBatches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The state of a lake, read from its tables.
 *
 * @param lake where it is
 * @param at when it was looked at
 */
public record LakeStatus(
    String lake,
    Instant at,
    List<FeedStatus> feeds,
    List<StreamStatus> streams,
    List<RunStatus> runs,
    List<CheckStatus> failedChecks,
    List<TableStatus> tables) {

  /**
   * A feed that something landed of.
   *
   * @param kind {@code files} or {@code topic}
   * @param landings files, or batches of a topic's partitions
   * @param rejected files that were kept aside
   * @param pending records that landed and that silver has not processed
   */
  public record FeedStatus(
      String feed,
      String kind,
      long landings,
      long records,
      long rejected,
      long pending,
      Instant lastLandedAt) {}

  /**
   * A stream's last batch.
   *
   * @param lag how old the newest event was that had gone through, where the stream was behind
   * @param latency from Kafka's timestamp of the batch's oldest event to the commit
   */
  public record StreamStatus(
      String layer,
      String subject,
      long batch,
      Instant finishedAt,
      long records,
      double recordsPerSecond,
      Duration duration,
      long lagRecords,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Duration> lag,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Duration> latency) {}

  /** The last entry of a job in the ledger. */
  public record RunStatus(
      String job,
      String subject,
      long batch,
      Instant finishedAt,
      Duration duration,
      long records,
      long accepted,
      long quarantined) {}

  /** A check that the star's last build failed. */
  public record CheckStatus(
      String star, String check, String table, String severity, long violations) {}

  /** A table of the lake. */
  public record TableStatus(String table, long rows, long files, long bytes, long version) {}

  public LakeStatus {
    feeds = List.copyOf(feeds);
    streams = List.copyOf(streams);
    runs = List.copyOf(runs);
    failedChecks = List.copyOf(failedChecks);
    tables = List.copyOf(tables);
  }

  /** Whether a star's last build breached the quality gate. */
  public boolean breached() {
    return failedChecks.stream().anyMatch(check -> check.severity().equals("error"));
  }

  /** The same state, looked at at another time: nothing has changed. */
  public LakeStatus at(Instant time) {
    return new LakeStatus(lake, time, feeds, streams, runs, failedChecks, tables);
  }

  public static LakeStatus of(ReadOnlyLakehouse lakehouse) {
    LakeReader lake = lakehouse.reader();
    LedgerReader ledger = LedgerReader.of(lake);
    return new LakeStatus(
        lakehouse.lake().root(),
        lakehouse.clock().instant(),
        feeds(lakehouse, ledger),
        StreamBatches.latest(lake).stream().map(LakeStatus::stream).toList(),
        ledger.lastOfEach().stream().map(LakeStatus::run).toList(),
        checks(lakehouse),
        tables(lake));
  }

  /** What the manifest has of a feed, added up. */
  private static final class Landings {
    private final Map<String, Long> recordsByFile = new HashMap<>();
    private long landed;
    private long rejected;
    private Instant lastLandedAt = Instant.MIN;

    private void add(LakeRow row) {
      if (row.text("status").equals(ManifestRow.LANDED)) {
        landed++;
        recordsByFile.merge(row.text("file_id"), row.number("record_count"), Long::sum);
      } else {
        rejected++;
      }
      Instant landedAt = row.instant("landed_at");
      lastLandedAt = landedAt.isAfter(lastLandedAt) ? landedAt : lastLandedAt;
    }
  }

  private static List<FeedStatus> feeds(ReadOnlyLakehouse lakehouse, LedgerReader ledger) {
    Map<String, Landings> landings = landings(lakehouse.reader());
    List<Contract> fed =
        lakehouse.configuration().contracts().all().stream()
            .filter(c -> c.feeds().stream().anyMatch(feed -> landings.containsKey(feed.name())))
            .toList();
    Map<String, Map<String, FileAccount>> accounts =
        ledger.accounts(fed.stream().map(Contract::table).collect(Collectors.toSet()));
    Map<String, Long> pending = new HashMap<>();
    Set<String> topics = new HashSet<>();
    for (Contract contract : fed) {
      Set<String> processed = accounts.getOrDefault(contract.table(), Map.of()).keySet();
      for (Feed feed : contract.feeds()) {
        if (feed.topic().isPresent()) {
          topics.add(feed.name());
        }
        if (landings.containsKey(feed.name())) {
          landings
              .get(feed.name())
              .recordsByFile
              .forEach(
                  (file, records) ->
                      pending.merge(
                          feed.name(), processed.contains(file) ? 0 : records, Long::sum));
        }
      }
    }
    return landings.entrySet().stream()
        .map(
            feed ->
                new FeedStatus(
                    feed.getKey(),
                    topics.contains(feed.getKey()) ? "topic" : "files",
                    feed.getValue().landed,
                    feed.getValue().recordsByFile.values().stream().mapToLong(n -> n).sum(),
                    feed.getValue().rejected,
                    pending.getOrDefault(feed.getKey(), 0L),
                    feed.getValue().lastLandedAt))
        .toList();
  }

  /** By feed, sorted. */
  private static Map<String, Landings> landings(LakeReader lake) {
    Map<String, Landings> landings = new TreeMap<>();
    Optional<TableSnapshot> manifest = lake.manifest().latest();
    if (manifest.isPresent()) {
      try (RowStream rows =
          manifest
              .get()
              .rows(
                  List.of("feed", "status", "file_id", "record_count", "landed_at"), Bounds.NONE)) {
        while (rows.hasNext()) {
          LakeRow row = rows.next();
          landings.computeIfAbsent(row.text("feed"), feed -> new Landings()).add(row);
        }
      }
    }
    return landings;
  }

  private static StreamStatus stream(LakeRow row) {
    return new StreamStatus(
        row.text("layer"),
        row.text("subject"),
        row.number("stream_batch"),
        row.instant("finished_at"),
        row.number("records"),
        (Double) row.value("records_per_second"),
        Duration.ofMillis(row.number("duration_ms")),
        row.number("lag_records"),
        row.maybeNumber("lag_ms").map(Duration::ofMillis),
        row.maybeNumber("longest_latency_ms").map(Duration::ofMillis));
  }

  private static RunStatus run(LakeRow row) {
    String job = row.text("job");
    boolean bySilver = job.equals("silver") || job.equals("replay");
    return new RunStatus(
        job,
        row.text("subject"),
        row.number("batch_id"),
        row.instant("finished_at"),
        Duration.ofMillis(row.number("duration_ms")),
        row.number(bySilver ? "records" : "rows_in"),
        row.number("accepted"),
        row.number("quarantined"));
  }

  private static List<CheckStatus> checks(ReadOnlyLakehouse lakehouse) {
    List<CheckStatus> failed = new ArrayList<>();
    for (Star star : lakehouse.configuration().stars().all()) {
      for (CheckResult check : CheckResults.latest(lakehouse.reader(), star.name())) {
        if (!check.passed()) {
          failed.add(
              new CheckStatus(
                  star.name(),
                  check.check(),
                  check.table(),
                  check.severity().name().toLowerCase(Locale.ROOT),
                  check.violations()));
        }
      }
    }
    return failed;
  }

  private static List<TableStatus> tables(LakeReader lake) {
    List<TableStatus> tables = new ArrayList<>();
    for (Lake.Layer layer : Lake.Layer.values()) {
      for (String name : lake.names(layer).stream().sorted().toList()) {
        TableReader table = lake.table(layer, name);
        table
            .latest()
            .ifPresent(
                now -> {
                  TableSnapshot.Size size = now.size();
                  tables.add(
                      new TableStatus(
                          table.qualifiedName(),
                          size.rows(),
                          size.files(),
                          size.bytes(),
                          now.version()));
                });
      }
    }
    return tables;
  }
}

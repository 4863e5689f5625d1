package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.Recovery;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.gold.star.Star;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Loads one star into one warehouse, up to gold's last finished build.
 *
 * <p>The warehouse's control tables record the version of each of its tables. A load applies the
 * changes between that version and gold's. Where another load committed first, the warehouse
 * refuses this one, which then reads the control tables again: usually nothing is left to do.
 */
public final class WarehouseLoad {
  private static final String JOB = "load";
  private static final int ATTEMPTS = 5;

  private final SparkSession spark;
  private final Lake lake;
  private final Star star;
  private final List<SemanticView> views;
  private final Warehouse warehouse;
  private final Clock clock;
  private final String runId;
  private final Ledger ledger;
  private final KnownChanges known;

  /**
   * A load that has not started.
   *
   * @param views the views of the star
   * @param warehouse stays open
   * @param runId this process, for the control tables
   * @param known changes of gold that need not be read from it
   */
  public WarehouseLoad(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Star star,
      List<SemanticView> views,
      Warehouse warehouse,
      Clock clock,
      String runId,
      KnownChanges known) {
    // What a load sets is set for nothing else.
    this.spark = spark.cloneSession();
    this.lake = lake;
    this.star = star;
    this.views = List.copyOf(views);
    this.warehouse = warehouse;
    this.clock = clock;
    this.runId = runId;
    this.ledger = ledger;
    this.known = known;
  }

  /**
   * Loads what changed since the last load, or everything where nothing was loaded yet.
   *
   * @throws LakeException where the change feed does not reach back far enough, or the load would
   *     lose data: the message names {@code --full}
   */
  public LoadSummary changes() {
    return load(TableLoads.Extent.CHANGES);
  }

  /** Loads everything anew, whatever the warehouse holds. */
  public LoadSummary full() {
    return load(TableLoads.Extent.EVERYTHING);
  }

  /** Whether the warehouse holds every table of the star as gold's last finished build left it. */
  public boolean isDone() {
    Optional<GoldState> gold = GoldState.of(spark, lake, ledger, star);
    if (gold.isEmpty()) {
      return false;
    }
    Map<String, TableState> loaded = warehouse.state(star.name()).tables();
    return star.tables().stream()
        .allMatch(
            table ->
                loaded.containsKey(table)
                    && loaded.get(table).version().equals(gold.get().version(table)));
  }

  private LoadSummary load(TableLoads.Extent extent) {
    StaleLoadException stale = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return attempt(extent);
      } catch (StaleLoadException e) {
        stale = e;
      }
    }
    throw new LakeException(
        "other loads into " + warehouse.place() + " were quicker " + ATTEMPTS + " times in a row",
        "let one load at a time run for a star",
        stale);
  }

  private LoadSummary attempt(TableLoads.Extent extent) {
    Instant startedAt = clock.instant();
    Optional<GoldState> gold = GoldState.of(spark, lake, ledger, star);
    if (gold.isEmpty()) {
      return summary(
          List.of(),
          List.of(),
          startedAt,
          Optional.of("star " + star.name() + " is not in gold yet: run medallion gold first"));
    }
    WarehouseState state = warehouse.state(star.name());
    Recovery.complete(ledger, JOB, subject(), lastBatch -> lastLoad(state, gold.get(), lastBatch));
    ChangeReader reader = new ChangeReader(spark, gold.get(), known);
    try (TableLoads loads =
        TableLoads.of(star, gold.get(), state, extent, warehouse.place(), reader)) {
      List<String> replaced =
          views.stream()
              .filter(view -> !view.digest().equals(state.views().get(view.name())))
              .map(SemanticView::name)
              .toList();
      boolean sameViews = replaced.isEmpty() && state.views().size() == views.size();
      if (loads.tables().isEmpty() && sameViews) {
        return summary(List.of(), List.of(), startedAt, Optional.empty());
      }
      long number = Math.max(state.lastLoadNumber(), ledger.lastBatch(JOB, subject())) + 1;
      List<LedgerRow> written =
          apply(
              new StarLoad(star.name(), number, loads.tables(), views, runId, startedAt),
              loads.plannedRows());
      if (!written.isEmpty()) {
        ledger.append(entry(written, clock.instant()));
      }
      return summary(written, replaced, startedAt, loads.reason());
    }
  }

  private List<LedgerRow> apply(StarLoad load, long plannedRows) {
    try (InterpretedPlans plans =
        InterpretedPlans.of(spark, InterpretedPlans.few(spark, plannedRows))) {
      return warehouse.apply(load);
    }
  }

  /** The last load, where it is of this lake. */
  private List<Entry> lastLoad(WarehouseState state, GoldState gold, long lastBatch) {
    boolean ofThisLake =
        state.lastLoad().stream()
            .allMatch(
                row ->
                    star.tables().contains(row.table())
                        && row.to().tableId().equals(gold.version(row.table()).tableId()));
    return ofThisLake && state.lastLoadNumber() > lastBatch
        ? List.of(entry(state.lastLoad(), state.lastLoad().get(0).loadedAt()))
        : List.of();
  }

  private Entry entry(List<LedgerRow> rows, Instant finishedAt) {
    Map<String, Long> versions =
        rows.stream()
            .collect(
                Collectors.toMap(
                    row -> "gold." + row.table(),
                    row -> row.to().version(),
                    (a, b) -> b,
                    TreeMap::new));
    long moved = rows.stream().mapToLong(LedgerRow::rows).sum();
    LedgerRow first = rows.get(0);
    return Entry.ofBatch(JOB, subject(), first.load())
        .runId(first.runId())
        .fingerprint(star.digest())
        .between(first.loadedAt(), finishedAt)
        .rowsIn(moved)
        .rowsWritten(moved)
        .versions(versions)
        .build();
  }

  private String subject() {
    return star.name() + "@" + warehouse.kind();
  }

  private LoadSummary summary(
      List<LedgerRow> tables, List<String> replaced, Instant startedAt, Optional<String> note) {
    return new LoadSummary(
        star.name(),
        warehouse.kind(),
        warehouse.place(),
        tables,
        replaced,
        Duration.between(startedAt, clock.instant()),
        note);
  }
}

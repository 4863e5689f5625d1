package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.gold.star.Star;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** The loads of a star's tables, found by comparing gold with the warehouse's state. */
final class TableLoads implements AutoCloseable {
  /** How much is loaded. */
  enum Extent {
    CHANGES,
    EVERYTHING
  }

  private final List<TableLoad> tables = new ArrayList<>();
  private final List<NetChange> kept = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  private TableLoads() {}

  /**
   * Compares every table of the star.
   *
   * @throws LakeException that names every table of which no changes can be loaded
   */
  static TableLoads of(
      Star star, GoldState gold, WarehouseState state, Extent extent, String place) {
    TableLoads loads = new TableLoads();
    try {
      for (TargetTable table : TargetTables.of(star, gold::schema)) {
        loads.add(table, gold, Optional.ofNullable(state.tables().get(table.name())), extent);
      }
      if (!loads.obstacles.isEmpty()) {
        throw new LakeException(
            "changes cannot be loaded into "
                + place
                + ":\n  "
                + String.join("\n  ", loads.obstacles),
            "load everything anew with medallion load --star " + star.name() + " --full");
      }
      return loads;
    } catch (RuntimeException e) {
      loads.close();
      throw e;
    }
  }

  /** What to do, dimensions first; empty where nothing is new. */
  List<TableLoad> tables() {
    return List.copyOf(tables);
  }

  /** Why tables that the warehouse has are loaded anew; absent where none is. */
  Optional<String> reason() {
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  private void add(TargetTable table, GoldState gold, Optional<TableState> state, Extent extent) {
    GoldVersion now = gold.version(table.name());
    if (extent == Extent.EVERYTHING || state.isEmpty()) {
      replace(table, gold, state);
      return;
    }
    TableState loaded = state.get();
    if (!loaded.version().tableId().equals(now.tableId())
        || loaded.version().version() > now.version()) {
      obstacles.add(
          "it holds version %d of another %s than this lake's"
              .formatted(loaded.version().version(), "gold." + table.name()));
      return;
    }
    Optional<LayoutChange> layout = LayoutChange.between(loaded.layout(), table.layout());
    if (layout.isPresent() && !layout.get().losses().isEmpty()) {
      obstacles.add(
          "gold."
              + table.name()
              + " has other columns: "
              + String.join(", ", layout.get().losses()));
    } else if (layout.isPresent()) {
      reasons.add(table.name() + " was loaded anew, since its columns changed");
      replace(table, gold, state);
    } else if (loaded.version().version() < now.version()) {
      increment(table, gold, loaded);
    }
  }

  private void replace(TargetTable table, GoldState gold, Optional<TableState> loaded) {
    var rows = gold.rows(table.name());
    tables.add(
        new TableLoad.Replacement(
            table,
            loaded.map(TableState::version),
            gold.version(table.name()),
            rows,
            rows.count()));
  }

  private void increment(TargetTable table, GoldState gold, TableState loaded) {
    NetChange change;
    try {
      change = NetChange.of(table, gold.changesAfter(table.name(), loaded.version().version()));
    } catch (Exception e) {
      if (feedIsGone(e)) {
        obstacles.add(
            "the changes of gold.%s after version %d are no longer there: they were vacuumed"
                .formatted(table.name(), loaded.version().version()));
        return;
      }
      throw e;
    }
    kept.add(change);
    tables.add(
        new TableLoad.Increment(
            table,
            Optional.of(loaded.version()),
            gold.version(table.name()),
            change.rows(),
            change.inserted(),
            change.updated(),
            change.deleted(),
            gold.rows(table.name()).count()));
  }

  /** Delta and Spark throw checked exceptions that they do not declare. */
  private static boolean feedIsGone(Exception e) {
    return ExceptionUtils.indexOfType(e, FileNotFoundException.class) >= 0;
  }

  @Override
  public void close() {
    kept.forEach(NetChange::close);
  }
}

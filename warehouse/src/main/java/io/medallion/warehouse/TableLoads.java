package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.gold.star.Star;
import io.medallion.warehouse.layout.LayoutChange;
import io.medallion.warehouse.layout.TargetTable;
import io.medallion.warehouse.layout.TargetTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The loads of a star's tables, found by comparing gold with the warehouse's state. */
final class TableLoads implements AutoCloseable {
  /** How much is loaded. */
  enum Extent {
    CHANGES,
    EVERYTHING
  }

  private final GoldState gold;
  private final Set<String> anew = new HashSet<>();
  private final List<TableLoad> tables = new ArrayList<>();
  private final List<NetChange> kept = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  private TableLoads(GoldState gold) {
    this.gold = gold;
  }

  /**
   * Compares every table of the star.
   *
   * @param reader reads the changes of those that are not loaded anew
   * @throws LakeException that names every table of which no changes can be loaded
   */
  static TableLoads of(
      Star star,
      GoldState gold,
      WarehouseState state,
      Extent extent,
      String place,
      ChangeReader reader) {
    TableLoads loads = new TableLoads(gold);
    List<TargetTable> all = TargetTables.of(star, name -> gold.table(name).schema());
    Map<String, TableState> changed = new LinkedHashMap<>();
    for (TargetTable table : all) {
      Optional<TableState> loaded = Optional.ofNullable(state.tables().get(table.name()));
      if (extent == Extent.EVERYTHING || loaded.isEmpty()) {
        loads.anew.add(table.name());
      } else if (loads.hasChanges(table, loaded.get())) {
        changed.put(table.name(), loaded.get());
      }
    }
    // Where there are obstacles, nothing is loaded.
    if (loads.obstacles.isEmpty()) {
      loads.read(all, changed, state, reader);
    }
    if (!loads.obstacles.isEmpty()) {
      loads.close();
      throw new LakeException(
          "changes cannot be loaded into " + place + ":\n  " + String.join("\n  ", loads.obstacles),
          "load everything anew with medallion load --star " + star.name() + " --full");
    }
    return loads;
  }

  /** What to do, dimensions first; empty where nothing is new. */
  List<TableLoad> tables() {
    return List.copyOf(tables);
  }

  /** Why tables that the warehouse has are loaded anew; absent where none is. */
  Optional<String> reason() {
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** Rows of the load that Spark is to plan, with those of the tables that are loaded anew. */
  long plannedRows() {
    return tables.stream()
        .mapToLong(
            load ->
                load instanceof TableLoad.Increment increment
                    ? increment.rows() instanceof LoadRows.Planned ? increment.count() : 0
                    : load.rowsAfter())
        .sum();
  }

  /**
   * Whether gold has a later version of a table than the warehouse. Notes what is in the way, and
   * where the table must be loaded anew.
   */
  private boolean hasChanges(TargetTable table, TableState loaded) {
    GoldVersion now = gold.version(table.name());
    if (!loaded.version().tableId().equals(now.tableId())
        || loaded.version().version() > now.version()) {
      obstacles.add(
          "it holds version %d of another %s than this lake's"
              .formatted(loaded.version().version(), "gold." + table.name()));
      return false;
    }
    Optional<LayoutChange> layout = LayoutChange.between(loaded.layout(), table.layout());
    if (layout.isPresent() && !layout.get().losses().isEmpty()) {
      obstacles.add(
          "gold."
              + table.name()
              + " has other columns: "
              + String.join(", ", layout.get().losses()));
      return false;
    }
    if (layout.isPresent()) {
      reasons.add(table.name() + " was loaded anew, since its columns changed");
      anew.add(table.name());
      return false;
    }
    return loaded.version().version() < now.version();
  }

  /** Reads the changes, and puts the loads into the order of the star's tables. */
  private void read(
      List<TargetTable> all,
      Map<String, TableState> changed,
      WarehouseState state,
      ChangeReader reader) {
    Map<String, NetChange> changes =
        reader.changes(
            all.stream()
                .filter(table -> changed.containsKey(table.name()))
                .map(
                    table ->
                        new ChangeReader.Loaded(
                            table, changed.get(table.name()).version().version()))
                .toList());
    kept.addAll(changes.values());
    try {
      for (TargetTable table : all) {
        String name = table.name();
        if (anew.contains(name)) {
          tables.add(replacement(table, Optional.ofNullable(state.tables().get(name))));
        } else if (changes.containsKey(name)) {
          tables.add(increment(table, changed.get(name), changes.get(name)));
        } else if (changed.containsKey(name)) {
          obstacles.add(
              "the changes of gold.%s after version %d are no longer there: they were vacuumed"
                  .formatted(name, changed.get(name).version().version()));
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private TableLoad replacement(TargetTable table, Optional<TableState> loaded) {
    String name = table.name();
    return new TableLoad.Replacement(
        table,
        loaded.map(TableState::version),
        gold.version(name),
        gold.table(name).rows(),
        gold.rowCount(name));
  }

  private TableLoad increment(TargetTable table, TableState loaded, NetChange change) {
    return new TableLoad.Increment(
        table,
        Optional.of(loaded.version()),
        gold.version(table.name()),
        change.rows(),
        change.inserted(),
        change.updated(),
        change.deleted(),
        gold.rowCount(table.name()));
  }

  @Override
  public void close() {
    kept.forEach(NetChange::close);
  }
}

package io.medallion.warehouse;

import java.util.List;
import java.util.Map;

/**
 * Tables, views and last load of one star in a warehouse, as its control tables record them.
 *
 * @param tables by name; a table that was never loaded is absent
 * @param views digests of the star's views by name, as {@link SemanticView#digest()} gives them
 * @param lastLoad what {@code medallion_loads} holds of the star's last load; empty before the
 *     first
 */
public record WarehouseState(
    Map<String, TableState> tables, Map<String, String> views, List<LedgerRow> lastLoad) {

  /** Of a warehouse that holds nothing. */
  public static final WarehouseState EMPTY = new WarehouseState(Map.of(), Map.of(), List.of());

  public WarehouseState {
    tables = Map.copyOf(tables);
    views = Map.copyOf(views);
    lastLoad = List.copyOf(lastLoad);
  }

  /** The number of the star's last load, -1 before the first. */
  long lastLoadNumber() {
    return lastLoad.isEmpty() ? -1 : lastLoad.get(0).load();
  }
}

package io.medallion.jobs.cli;

import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.LoadSummary;
import java.util.LinkedHashMap;
import java.util.Map;

/** A load as {@code --json} prints it. */
final class LoadJson {
  private LoadJson() {}

  static Map<String, Object> of(LoadSummary load) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("star", load.star());
    json.put("warehouse", load.kind());
    json.put("place", load.place());
    json.put("tables", load.tables().stream().map(LoadJson::of).toList());
    json.put("views_replaced", load.viewsReplaced());
    json.put("duration_ms", load.took().toMillis());
    load.note().ifPresent(note -> json.put("note", note));
    return json;
  }

  private static Map<String, Object> of(LedgerRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", row.table());
    row.fromVersion().ifPresent(from -> json.put("from_version", from));
    json.put("to_version", row.to().version());
    json.put("inserted", row.inserted());
    json.put("updated", row.updated());
    json.put("deleted", row.deleted());
    json.put("rows", row.rowsAfter());
    return json;
  }
}

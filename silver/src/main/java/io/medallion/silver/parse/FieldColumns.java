package io.medallion.silver.parse;

import java.util.HashMap;
import java.util.Map;

/**
 * The columns that fields of events are. Names repeat in every event, so each is normalised once.
 * Not thread-safe.
 */
final class FieldColumns {
  /** In place of a column: the field is the event's operation. */
  static final int OPERATION = -1;

  /** In place of a column: the contract has no such field. */
  static final int UNKNOWN = -2;

  /** More names than the events of a topic have, and few enough to keep. */
  private static final int MAX_REMEMBERED = 10_000;

  private final EventLayout layout;
  private final Map<String, Integer> known = new HashMap<>();

  FieldColumns(EventLayout layout) {
    this.layout = layout;
  }

  /** The place of the column that a field of that name is, or what it is instead. */
  int of(String field) {
    Integer column = known.get(field);
    if (column == null) {
      column = layout.column(field);
      if (column < 0) {
        column = layout.isOperation(field) ? OPERATION : UNKNOWN;
      }
      if (known.size() < MAX_REMEMBERED) {
        known.put(field, column);
      }
    }
    return column;
  }
}

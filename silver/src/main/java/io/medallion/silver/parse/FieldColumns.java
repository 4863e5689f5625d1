package io.medallion.silver.parse;

import java.util.HashMap;
import java.util.Map;

/**
 * The columns that fields of events are. Names repeat in every event, so each is normalised once.
 * Not thread-safe.
 */
final class FieldColumns {
  /** In place of a column: the field says what the event does. */
  static final int OPERATION = -1;

  /** In place of a column: the contract does not know the field. */
  static final int UNKNOWN = -2;

  /** More names than the events of a topic have, and few enough to keep. */
  private static final int MAX_REMEMBERED = 10_000;

  private final EventLayout plan;
  private final Map<String, Integer> known = new HashMap<>();

  FieldColumns(EventLayout plan) {
    this.plan = plan;
  }

  /** The place of the column that a field of that name is, or what it is instead. */
  int of(String field) {
    Integer column = known.get(field);
    if (column == null) {
      column = plan.column(field);
      if (column < 0) {
        column = plan.isOperation(field) ? OPERATION : UNKNOWN;
      }
      if (known.size() < MAX_REMEMBERED) {
        known.put(field, column);
      }
    }
    return column;
  }
}

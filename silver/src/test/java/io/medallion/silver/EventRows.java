package io.medallion.silver;

import io.medallion.silver.parse.OrderEvents;
import java.sql.Timestamp;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of a topic's landed events. */
final class EventRows {
  private EventRows() {}

  static Row event(int partition, long offset, byte[] key, byte[] value) {
    return RowFactory.create(
        "orders",
        partition,
        offset,
        Timestamp.from(OrderEvents.EVENT_TIME),
        "create",
        key,
        null,
        value);
  }
}

package io.medallion.demo.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.medallion.demo.orders.Dice;
import io.medallion.demo.orders.OrderLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How events are written as bytes. */
sealed interface EventEncoding permits JsonEncoding, AvroEncoding {

  /** A line as it is now. */
  byte[] upsert(Change.Upsert change);

  /** The same in other bytes, where the format has any. */
  byte[] disguised(Change.Upsert change, Dice dice);

  /** A line's end, as an operation. */
  byte[] delete(OrderLine.Key key, Instant at);

  /** A value that has this fault and no other; absent where the fault is to have none. */
  Optional<byte[]> broken(EventFault fault, Change.Upsert change, Dice dice);

  /** The faults that an event of this format can have. */
  List<EventFault> faults();

  static EventEncoding of(EventOptions.Format format) {
    return switch (format) {
      case JSON -> new JsonEncoding();
      case AVRO -> new AvroEncoding(false);
      case AVRO_REGISTRY -> new AvroEncoding(true);
    };
  }

  /** Kafka's key of a line, which is all that a tombstone has. */
  static byte[] key(OrderLine.Key key) {
    return "{\"order_id\":%s,\"row_id\":%d}"
        .formatted(quoted(key.orderId()), key.rowId())
        .getBytes(UTF_8);
  }

  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}

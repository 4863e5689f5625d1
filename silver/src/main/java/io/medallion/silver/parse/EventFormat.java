package io.medallion.silver.parse;

import io.medallion.core.contract.Topic;

/** Reads values of one format. Not thread-safe; made once per task. */
interface EventFormat {

  /**
   * @throws ValueFormatException where the bytes are not of the format
   */
  EventFields read(byte[] value) throws ValueFormatException;

  static EventFormat of(EventLayout layout) {
    if (layout.format() instanceof Topic.Avro avro) {
      return new AvroEvents(layout, avro);
    }
    return new JsonEvents(layout);
  }
}
